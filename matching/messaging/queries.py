"""How messages are found: within reach of who looks, of a person, of a need, in an in-box."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.messaging.models import GatewayPause, Message, MessageAttempt
from matching.needs.models import Need
from matching.people.sight import concealed_from


def within_reach(actor: Actor) -> Select[Message]:
    """Return the messages that an actor may know of, newest first."""
    found: Select[Message] = _of_area(select(Message), actor)
    return found.order_by(Message.id.desc())


def _of_area(found: Any, actor: Actor) -> Any:
    """Narrow a search to the actor's area, and to people who are not out of their sight."""
    found = found.where(Message.person_id.not_in(concealed_from(actor)))
    if actor.area_code is None:
        return found
    needs = select(Need.id).where(Need.area_code == actor.area_code)
    return found.where(
        or_(
            Message.proposal_id.in_(select(Proposal.id).where(Proposal.need_id.in_(needs))),
            Message.placement_id.in_(select(Placement.id).where(Placement.need_id.in_(needs))),
        )
    )


def get_message(session: Session, number: int, actor: Actor) -> Message:
    """Return one message within reach."""
    found = session.scalar(within_reach(actor).where(Message.id == number))
    if found is None:
        raise NotFound
    return found


def lock_message(session: Session, number: int, actor: Actor) -> Message:
    """Return one message within reach and hold it for a change."""
    found = session.scalar(
        within_reach(actor)
        .where(Message.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def count_by_state(session: Session, actor: Actor) -> dict[str, int]:
    """Count the messages within reach by their state."""
    found = _of_area(select(Message.state, func.count()), actor).group_by(Message.state)
    return {row[0]: row[1] for row in session.execute(found)}


def list_messages(
    session: Session, actor: Actor, state: str, most: int, before: int | None = None
) -> Sequence[Message]:
    """Return messages of a state within reach, newest first, older than one already shown."""
    found = within_reach(actor).where(Message.state == state).limit(most)
    return session.scalars(found.where(Message.id < before) if before else found).all()


def list_of_person(session: Session, person_id: int, most: int = 50) -> Sequence[Message]:
    """Return what a person was told, newest first."""
    found = select(Message).where(Message.person_id == person_id).order_by(Message.id.desc())
    return session.scalars(found.limit(most)).all()


def list_of_need(session: Session, need_id: int, most: int = 50) -> Sequence[Message]:
    """Return what was told about a need, newest first."""
    proposals = select(Proposal.id).where(Proposal.need_id == need_id)
    placements = select(Placement.id).where(Placement.need_id == need_id)
    about = Message.proposal_id.in_(proposals) | Message.placement_id.in_(placements)
    return session.scalars(
        select(Message).where(about).order_by(Message.id.desc()).limit(most)
    ).all()


def in_box(session: Session, person_id: int, now: datetime, most: int = 100) -> Sequence[Message]:
    """Return what a person finds in their in-box, whatever other way it went: each thing once."""
    found = select(Message).where(Message.person_id == person_id, Message.due_at <= now)
    shown = found.where(Message.state != "dropped").order_by(Message.id.desc()).limit(most)
    return session.scalars(shown).all()


def count_unread(session: Session, person_id: int, now: datetime) -> int:
    """Count what a person has not marked as read."""
    found = select(func.count(Message.id)).where(
        *(Message.person_id == person_id, Message.due_at <= now),
        *(Message.state != "dropped", Message.read_at.is_(None)),
    )
    return session.scalar(found) or 0


def attempts_of(session: Session, numbers: Collection[int]) -> Sequence[MessageAttempt]:
    """Return what was tried for some messages, in the order it happened."""
    found = select(MessageAttempt).where(MessageAttempt.message_id.in_(numbers))
    return session.scalars(found.order_by(MessageAttempt.id)).all()


def pauses(session: Session) -> Sequence[GatewayPause]:
    """Return the gateways that are left alone."""
    return session.scalars(select(GatewayPause).order_by(GatewayPause.channel)).all()
