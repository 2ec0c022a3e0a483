"""What time makes due: reminders told once, and messages whose job was lost along the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import SENT_BY_US
from matching.kernel import clock
from matching.kernel.outbox import OutboxJob
from matching.messaging.models import Message
from matching.messaging.rules import GATEWAYS
from matching.messaging.sending import park
from matching.messaging.telling import tell

BEFORE_END = timedelta(hours=24)
AFTER_OFFER = timedelta(hours=20)
# Minutes past midnight between which tomorrow's visits are announced.
AFTERNOON, EVENING = 16 * 60, 19 * 60
LOST_AFTER = timedelta(minutes=10)
AT_ONCE = 200


def remind(session: Session, now: datetime, ready: Collection[str]) -> int:
    """Tell of tomorrow's visits and of offers about to end; each once. Returns how many."""
    count = 0
    for number in session.scalars(select(Proposal.id).where(*_offers_ending(now)).limit(AT_ONCE)):
        tell(session, {"kind": "offer_reminder", "proposal": number}, now, ready)
        count += 1
    for number in _visits_tomorrow(session, now):
        tell(session, {"kind": "visit_reminder", "placement": number}, now, ready)
        count += 1
    return count


def _offers_ending(now: datetime) -> Iterable[ColumnElement[bool]]:
    return (
        Proposal.state == "contacted",
        Proposal.offer_channel.in_(SENT_BY_US),
        Proposal.expires_at > now,
        Proposal.expires_at <= now + BEFORE_END,
        Proposal.offered_at <= now - AFTER_OFFER,
        ~exists().where(Message.proposal_id == Proposal.id, Message.kind == "offer_reminder"),
    )


def _visits_tomorrow(session: Session, now: datetime) -> Iterable[int]:
    """Visits agreed before today: who said yes this afternoon needs no reminder."""
    if not AFTERNOON <= clock.minutes_of_day(now) < EVENING:
        return ()
    today = clock.local_date(now)
    midnight = clock.instant(today, 24 * 60)
    found = (
        select(Placement.id)
        .where(Placement.state == "confirmed", Placement.confirmed_at < clock.instant(today, 0))
        .where(Placement.starts_at >= midnight, Placement.starts_at < midnight + timedelta(days=1))
        .where(~exists().where(Message.placement_id == Placement.id, _is_reminder()))
        .order_by(Placement.id)
        .limit(AT_ONCE)
    )
    return session.scalars(found).all()


def _is_reminder() -> ColumnElement[bool]:
    return Message.kind == "visit_reminder"


def park_lost(session: Session, now: datetime) -> int:
    """Park messages that wait for a job nobody will do: it stopped half-way too often."""
    job = exists().where(
        OutboxJob.name == "send_message",
        OutboxJob.state == "pending",
        OutboxJob.payload["message"].astext == cast(Message.id, String),
    )
    lost = session.scalars(
        select(Message)
        .where(Message.state == "waiting", Message.channel.in_(GATEWAYS))
        .where(Message.created_at < now - LOST_AFTER, ~job)
        .order_by(Message.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for message in lost:
        park(session, message, "lost", now)
    return len(lost)
