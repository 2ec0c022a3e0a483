"""Telling: a job names an occasion; here it becomes one message to the right person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.coordination.registry import consenting
from matching.messaging.models import Message
from matching.needs.models import Need
from matching.people.models import Person
from matching.people.standstill import held
from matching.places.calendar import end_of_quiet
from matching.volunteers.models import Volunteer

OCCASIONS: Mapping[str, type[Proposal | Placement]] = {
    "proposal": Proposal,
    "placement": Placement,
}


def tell(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Make the message of an occasion, once; the recipient is who the rows name at this moment.

    The occasion is a proposal or a placement, by its number.
    """
    kind = str(payload["kind"])
    [(occasion, number)] = [(name, payload[name]) for name in OCCASIONS if name in payload]
    model = OCCASIONS[occasion]
    person_id, asking_id = session.execute(
        select(Volunteer.person_id, Need.requester_id)
        .select_from(model)
        .join(Volunteer, Volunteer.id == model.volunteer_id)
        .join(Need, Need.id == model.need_id)
        .where(model.id == int(number))
    ).one()
    if not _may_be_told(session, kind, person_id, asking_id):
        return
    session.execute(
        insert(Message)
        .values(
            key=f"{kind}:{occasion}:{number}",
            person_id=person_id,
            kind=kind,
            channel="web",
            state="sent",
            created_at=now,
            due_at=end_of_quiet(now),
            sent_at=now,
            **{f"{occasion}_id": int(number)},
        )
        .on_conflict_do_nothing(index_elements=[Message.key])
    )


def _may_be_told(session: Session, kind: str, person_id: int, asking_id: int) -> bool:
    """Nothing leaves that concerns people on hold (BR-01, BR-37) or without their consent (BR-32).

    Both rows are held, so a hold or a withdrawal committed before this moment is seen.
    """
    people = {person_id, asking_id}
    session.execute(
        select(Person.id)
        .where(Person.id.in_(people))
        .order_by(Person.id)
        .with_for_update(read=True)
    )
    willing = consenting(session, select(Person.id).where(Person.id.in_(people)))
    asked = people if kind == "offer" else {person_id}
    return asked <= willing and not held(session, people)
