"""Telling: a job names an occasion; here it becomes one message to the right person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination.registry import consenting
from matching.kernel import audit
from matching.kernel.actor import SYSTEM
from matching.messaging import dispatching, occasions
from matching.messaging.models import Message
from matching.messaging.occasions import Occasion
from matching.messaging.reaching import addresses
from matching.messaging.rules import choose
from matching.people.models import Person
from matching.people.standstill import held
from matching.places.calendar import end_of_quiet


def tell(
    session: Session, payload: Mapping[str, Any], now: datetime, ready: Collection[str] = ()
) -> None:
    """Make the message of an occasion, once, and see that it leaves by the channel that fits.

    The occasion is a proposal or a placement, by its number; the recipient is who the rows name
    at this moment. `ready` are the gateways that are set up.
    """
    occasion = occasions.find(session, str(payload["kind"]), payload)
    if not may_be_told(session, occasion) or not occasions.is_news(session, occasion, now):
        return
    message = _make(session, occasion, payload, now, ready)
    if message is not None:
        dispatching.dispatch(session, message, occasion, now)


def _make(
    session: Session,
    occasion: Occasion,
    payload: Mapping[str, Any],
    now: datetime,
    ready: Collection[str],
) -> Message | None:
    """Write the row; None where the occasion has its message already."""
    person = session.get_one(Person, occasion.person_id)
    usable = addresses(session, person, ready)
    channel = choose(occasion.kind, occasion.wanted(person.contact_method), usable)
    about = "proposal" if occasion.proposal is not None else "placement"
    number = int(payload[about])
    again = payload.get("again")  # an occasion that comes back, as a visit that changed twice
    made = session.scalar(
        insert(Message)
        .values(
            key=f"{occasion.kind}:{about}:{number}" + (f":{again}" if again else ""),
            person_id=person.id,
            kind=occasion.kind,
            channel=channel or "web",
            state="waiting",
            attempts=0,
            created_at=now,
            due_at=end_of_quiet(now),
            valid_until=occasions.good_until(occasion, now),
            **{f"{about}_id": number},
        )
        .on_conflict_do_nothing(index_elements=[Message.key])
        .returning(Message.id)
    )
    if made is None:
        return None
    message = session.get_one(Message, made)
    audit.record(
        session, SYSTEM, now, "message_made", "message", made, kind=occasion.kind, channel=channel
    )
    if channel is None:
        dispatching.drop(session, message, "no_channel", now)
        return None
    return message


def may_be_told(session: Session, occasion: Occasion) -> bool:
    """Nothing leaves that concerns people on hold (BR-01, BR-37) or without their consent (BR-32).

    Both rows are held, so a hold or a withdrawal committed before this moment is seen.
    """
    people = occasion.people
    session.execute(
        select(Person.id)
        .where(Person.id.in_(people))
        .order_by(Person.id)
        .with_for_update(read=True)
    )
    willing = consenting(session, select(Person.id).where(Person.id.in_(people)))
    asked = people if occasion.kind in {"offer", "offer_reminder"} else {occasion.person_id}
    return asked <= willing and not held(session, people)
