"""Calendar feeds: made and taken back by their owner, found by their token alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, NotFound
from matching.messaging.feed_models import LONGEST_LABEL, CalendarFeed
from matching.people import queries as people
from matching.people.models import Person

GOOD_FOR = timedelta(days=400)
MOST = 5
TOO_MANY = "登録できるカレンダーは5つまでです。使っていないものを、やめてください。"


def make(session: Session, label: str, actor: Actor, now: datetime) -> str:
    """Return the token of a new feed (256 bits) of the actor's own; it is shown this once."""
    if actor.account_id is None or actor.person_id is None:
        raise NotFound
    if len(list_feeds(session, actor, now)) >= MOST:
        raise Conflict(TOO_MANY, code="limit")
    token = secrets.token_urlsafe(32)
    made = CalendarFeed(
        account_id=actor.account_id,
        digest=_digest(token),
        label=" ".join(label.split())[:LONGEST_LABEL],
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, now, "feed_made", "calendar_feed", made.id)
    return token


def revoke(session: Session, number: int, actor: Actor, now: datetime) -> None:
    """Take a feed back: from the next request on there is nothing at its address."""
    feed = session.scalar(
        select(CalendarFeed)
        .where(CalendarFeed.id == number, CalendarFeed.account_id == actor.account_id)
        .with_for_update()
    )
    if feed is None:
        raise NotFound
    if feed.revoked_at is None:
        feed.revoked_at = now
        audit.record(session, actor, now, "feed_revoked", "calendar_feed", feed.id)


def list_feeds(session: Session, actor: Actor, now: datetime) -> Sequence[CalendarFeed]:
    """Return the feeds of an actor that can be read, oldest first."""
    found = select(CalendarFeed).where(
        CalendarFeed.account_id == actor.account_id,
        CalendarFeed.revoked_at.is_(None),
        CalendarFeed.expires_at > now,
    )
    return session.scalars(found.order_by(CalendarFeed.id)).all()


def owner_of(session: Session, token: str, now: datetime) -> Person:
    """Return whose visits a token shows; NotFound once it, or its account, is over."""
    feed = session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.digest == _digest(token),
            CalendarFeed.revoked_at.is_(None),
            CalendarFeed.expires_at > now,
        )
    )
    account = people.find_account(session, feed.account_id) if feed is not None else None
    if account is None or people.actor_of(account, local_date(now)) is None:
        raise NotFound
    if account.person is None:
        raise NotFound
    return account.person


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
