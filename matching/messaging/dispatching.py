"""Seeing a message off: into the in-box, to a gateway's job, or onto somebody's list of calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel import audit, outbox, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.messaging.models import Message, MessageAttempt
from matching.messaging.occasions import Occasion
from matching.messaging.rules import GATEWAYS, KINDS

TASKS = {"phone": "tell_by_phone", "letter": "send_letter"}


def dispatch(session: Session, message: Message, occasion: Occasion, now: datetime) -> None:
    """Let a message go the way of its channel."""
    if message.channel == "web":
        mark_sent(session, message, now)
    elif message.channel in GATEWAYS:
        ask_to_send(session, message, message.due_at, now)
    else:
        tasks.open_task(
            session,
            TASKS[message.channel],
            ("message", message.id),
            message.due_at,
            now,
            area_code=occasion.need.area_code,
            owner_id=occasion.need.owner_id,
        )


def ask_to_send(session: Session, message: Message, at: datetime, now: datetime) -> None:
    """Ask for the job that hands a message to its gateway, not before a moment."""
    outbox.enqueue(
        session,
        "send_message",
        {"message": message.id},
        now,
        delay=at - now,
        priority=KINDS[message.kind].priority,
    )


def mark_sent(
    session: Session,
    message: Message,
    now: datetime,
    *,
    provider_ref: str | None = None,
    actor: Actor = SYSTEM,
) -> None:
    """Write down that a message has left, or was told by hand."""
    message.state, message.sent_at, message.failure = "sent", now, None
    message.provider_ref = provider_ref or message.provider_ref
    message.handled_by_id = actor.account_id
    note(session, message, "by_hand" if actor.account_id else "sent", now)
    audit.record(
        session, actor, now, "message_sent", "message", message.id, channel=message.channel
    )


def drop(
    session: Session, message: Message, reason: str, now: datetime, actor: Actor = SYSTEM
) -> None:
    """Let go of a message that is no news any more, or must not leave."""
    message.state, message.failure = "dropped", reason
    tasks.close_tasks(session, ("message", message.id), now)
    audit.record(session, actor, now, "message_dropped", "message", message.id, reason=reason)


def note(
    session: Session, message: Message, outcome: str, now: datetime, detail: str | None = None
) -> None:
    """Keep one line of what was tried."""
    session.add(
        MessageAttempt(
            message_id=message.id,
            channel=message.channel,
            outcome=outcome,
            detail=detail[:80] if detail else None,
            happened_at=now,
        )
    )
