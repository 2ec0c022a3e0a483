"""What staff do with messages: tell them by hand, try again, phone instead, let go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.coordination.contacting import note_contact
from matching.kernel import audit, tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict
from matching.messaging import dispatching, occasions, queries
from matching.messaging.models import Message
from matching.messaging.rules import BY_HAND, GATEWAYS

CHANGED = "このお知らせはもう変わっています。画面を開き直してたしかめてください。"
OVER = "このお知らせは、もう伝える必要がありません。"


def told(session: Session, number: int, actor: Actor, now: datetime) -> Message:
    """Write down that somebody told it by phone, or sent the letter."""
    message = queries.lock_message(session, number, actor)
    if message.state != "waiting" or message.channel not in BY_HAND:
        raise Conflict(CHANGED, code="state")
    occasion = occasions.of_message(session, message)
    dispatching.mark_sent(session, message, now, actor=actor)
    if occasion.proposal is not None:
        note_contact(
            session, occasion.proposal, message.person_id, message.channel, "told", actor, now
        )
    tasks.close_tasks(session, ("message", message.id), now)
    return message


def retry(session: Session, number: int, actor: Actor, now: datetime) -> Message:
    """Try a parked message again from the beginning, while it still is news."""
    message = _parked(session, number, actor)
    if message.valid_until <= now:
        raise Conflict(OVER, code="over")
    message.state, message.attempts, message.failure = "waiting", 0, None
    tasks.close_tasks(session, ("message", message.id), now)
    dispatching.ask_to_send(session, message, now, now)
    audit.record(session, actor, now, "message_retried", "message", message.id)
    return message


def call_instead(session: Session, number: int, actor: Actor, now: datetime) -> Message:
    """Put a parked message on the list of calls."""
    message = _parked(session, number, actor)
    tasks.close_tasks(session, ("message", message.id), now)
    message.state, message.channel, message.failure = "waiting", "phone", None
    message.due_at = now
    dispatching.dispatch(session, message, occasions.of_message(session, message), now)
    audit.record(session, actor, now, "message_rerouted", "message", message.id, to="phone")
    return message


def let_go(session: Session, number: int, actor: Actor, now: datetime) -> Message:
    """Decide that a message need not be told any more."""
    message = queries.lock_message(session, number, actor)
    if message.state not in {"waiting", "parked"}:
        raise Conflict(CHANGED, code="state")
    dispatching.drop(session, message, "by_staff", now, actor)
    return message


def _parked(session: Session, number: int, actor: Actor) -> Message:
    message = queries.lock_message(session, number, actor)
    if message.state != "parked" or message.channel not in GATEWAYS:
        raise Conflict(CHANGED, code="state")
    return message
