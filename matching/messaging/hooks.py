"""What gateways tell us: signatures checked, each event heard once, strange ones let go."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.kernel import tasks
from matching.messaging import linking, sending
from matching.messaging.dispatching import note
from matching.messaging.hook_models import HookEvent
from matching.messaging.models import Message
from matching.people.models import Person

FRESH = timedelta(minutes=5)
KEPT = timedelta(days=30)
LATEST_STAMP = 10**14  # milliseconds; far from now, and not too large to divide


def line_signed(secret: str, body: bytes, signature: str) -> bool:
    """Tell whether LINE signed this body (HMAC-SHA256, base64)."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def sms_signed(secret: str, body: bytes, stamp: str, signature: str, now: datetime) -> bool:
    """Tell whether the gateway signed stamp and body (HMAC-SHA256, hex) within five minutes."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(now.timestamp() - int(stamp)) > FRESH.total_seconds():
        return False
    expected = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}".encode(), signature.encode("utf-8", "replace"))


def heard_first(session: Session, key: str, now: datetime) -> bool:
    """Tell whether an event is new; who sends it again is told so."""
    fresh = insert(HookEvent).values(key=key[:200], received_at=now).on_conflict_do_nothing()
    return session.scalar(fresh.returning(HookEvent.key)) is not None


def forget_old(session: Session, now: datetime) -> None:
    """Let go of events so old that they would not be taken any more."""
    session.execute(delete(HookEvent).where(HookEvent.received_at < now - KEPT))


def hear_line(session: Session, event: Mapping[str, Any], now: datetime) -> str:
    """Take in one event of LINE; returns what came of it, as a code for the log."""
    number, user_id = event.get("webhookEventId"), _user_of(event)
    if not _is_name(number) or user_id is None or _too_old(event, now):
        return "strange"
    if not heard_first(session, f"line:{number}", now):
        return "again"
    kind = str(event.get("type"))
    if kind == "follow":
        linking.follow(session, user_id, now)
    elif kind == "unfollow":
        linking.unfollow(session, user_id, now)
    elif kind in ("message", "postback"):
        return _hear_words(session, user_id, event, now)
    else:
        return "other"
    return kind


def _user_of(event: Mapping[str, Any]) -> str | None:
    source = event.get("source")
    user_id = source.get("userId") if isinstance(source, dict) else None
    return str(user_id) if _is_name(user_id) else None


def _is_name(given: object) -> bool:
    """Names that gateways give are short and plain."""
    return isinstance(given, str) and given.isascii() and 0 < len(given) <= 100


def _too_old(event: Mapping[str, Any], now: datetime) -> bool:
    """Events as old as what we have forgotten could be heard a second time."""
    stamp = event.get("timestamp")
    if not isinstance(stamp, int) or not 0 < stamp < LATEST_STAMP:
        return True
    return abs(now.timestamp() - stamp / 1000) > (KEPT / 2).total_seconds()


def _hear_words(session: Session, user_id: str, event: Mapping[str, Any], now: datetime) -> str:
    """A code links; any other words ask for a call. They are not kept: a chat is no safe place."""
    message = event.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    if isinstance(text, str) and linking.link(session, user_id, text, now):
        return "linked"
    friend = linking.follow(session, user_id, now)
    if friend.person_id is None:
        return "stranger"
    person = session.get_one(Person, friend.person_id)
    tasks.open_task(
        session, "line_words", ("person", person.id), now, now, area_code=person.area_code
    )
    return "words"


def hear_sms(session: Session, report: Mapping[str, Any], now: datetime) -> str:
    """Take in a delivery report; a failure sends the message another way."""
    number, status = report.get("id"), report.get("status")
    if not _is_name(number) or status not in ("delivered", "failed"):
        return "strange"
    number = str(number)
    if not heard_first(session, f"sms:{number}:{status}", now):
        return "again"
    message = session.scalar(
        select(Message).where(Message.provider_ref == f"sms:{number[:80]}").with_for_update()
    )
    if message is None or message.state != "sent" or message.channel != "sms":
        return "unknown"
    if status == "delivered":
        message.delivered_at = now
        note(session, message, "delivered", now)
        return "delivered"
    bounced(session, message, "sms_failed", now)
    return "failed"


def bounced(session: Session, message: Message, reason: str, now: datetime) -> None:
    """A message that had left came back: its address is marked, and it goes another way."""
    note(session, message, "bounced", now, reason)
    person = session.get_one(Person, message.person_id)
    sending.not_reached(session, message, person, reason, now)
