"""How messages are found: within reach of who looks, of a person, of a need, in an in-box."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.visibility import visible
from matching.messaging import reach as _reach  # noqa: F401 - declares which messages are seen
from matching.messaging.models import GatewayPause, Message, MessageAttempt


def within_reach(actor: Actor) -> Select[Message]:
    """Return the messages that an actor may know of, newest first."""
    told = visible(Message, actor, "message.handle")
    return select(Message).where(told).order_by(Message.id.desc())


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
    told = visible(Message, actor, "message.handle")
    found = select(Message.state, func.count()).where(told).group_by(Message.state)
    return dict(session.execute(found).all())


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
