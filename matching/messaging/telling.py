"""Telling: a job names an occasion; here it becomes one message to the right person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.messaging.models import Message
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
    person_id = session.execute(
        select(Volunteer.person_id)
        .join(model, model.volunteer_id == Volunteer.id)
        .where(model.id == int(number))
    ).scalar_one()
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
