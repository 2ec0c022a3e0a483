"""Linking a LINE account to a person: a code from my page, sent once by LINE."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import SYSTEM, Actor
from matching.messaging.hook_models import LineCode, LineFriend

GOOD_FOR = timedelta(minutes=30)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12  # 59 bits, good for half an hour


def make_code(session: Session, person_id: int, actor: Actor, now: datetime) -> str:
    """Return a code by which a person links LINE; the ones made before are worth nothing."""
    session.execute(
        delete(LineCode).where(LineCode.person_id == person_id, LineCode.used_at.is_(None))
    )
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    session.add(
        LineCode(
            digest=_digest(code), person_id=person_id, created_at=now, expires_at=now + GOOD_FOR
        )
    )
    audit.record(session, actor, now, "line_code_made", "person", person_id)
    return "-".join(code[place : place + 4] for place in range(0, LENGTH, 4))


def follow(session: Session, user_id: str, now: datetime) -> LineFriend:
    """Take note of a friend, new or come back."""
    friend = friend_of(session, user_id)
    if friend is None:
        friend = LineFriend(user_id=user_id, followed_at=now)
        session.add(friend)
        session.flush()
    friend.unfollowed_at = None
    return friend


def unfollow(session: Session, user_id: str, now: datetime) -> None:
    """Take note that somebody blocked us: nothing is pushed to them any more."""
    friend = friend_of(session, user_id)
    if friend is not None:
        friend.unfollowed_at = now


def friend_of(session: Session, user_id: str) -> LineFriend | None:
    """Return the friend behind a LINE account."""
    return session.scalar(select(LineFriend).where(LineFriend.user_id == user_id).with_for_update())


def link(session: Session, user_id: str, text: str, now: datetime) -> bool:
    """Link a friend to the person whose code they sent; False for any other text."""
    typed = "".join(letter for letter in text.upper() if letter in LETTERS)
    if len(typed) != LENGTH:
        return False
    code = session.scalar(
        select(LineCode)
        .where(LineCode.digest == _digest(typed), LineCode.used_at.is_(None))
        .where(LineCode.expires_at > now)
        .with_for_update()
    )
    if code is None:
        return False
    code.used_at = now
    unlink(session, code.person_id, SYSTEM, now)
    friend = follow(session, user_id, now)
    friend.person_id, friend.linked_at = code.person_id, now
    audit.record(session, SYSTEM, now, "line_linked", "person", code.person_id)
    return True


def unlink(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Take the link of a person back; the account stays a friend that nobody knows."""
    friend = session.scalar(select(LineFriend).where(LineFriend.person_id == person_id))
    if friend is not None:
        friend.person_id = friend.linked_at = None
        session.flush()
        audit.record(session, actor, now, "line_unlinked", "person", person_id)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
