"""Signing in: name and password to an account, slowed down for who keeps guessing."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import PUBLIC
from matching.kernel.audit import Event
from matching.kernel.clock import local_date
from matching.kernel.errors import TooMany
from matching.people import passwords, queries
from matching.people.models import Account

WINDOW = timedelta(minutes=15)
MOST_PER_NAME = 10  # wrong passwords for one name from one address
MOST_PER_ADDRESS = 50  # wrong passwords for any names from one address


def sign_in(
    session: Session, login: str, password: str, address: str, now: datetime
) -> Account | None:
    """Return the account if name and password fit and a role is in term; None reveals no more.

    Raises TooMany after too many wrong passwords from the same address. Another address, such
    as the owner's, still gets in; a right password is not asked about once the limit is met.
    """
    marks = {"login": _mark(login.strip().lower()), "address": _mark(address)}
    _slow_down(session, marks, now)
    account = queries.find_account_by_login(session, login)
    fits = passwords.verify(account.password_hash if account else None, password)
    actor = queries.actor_of(account, local_date(now)) if account and fits else None
    if account is None or actor is None:
        audit.record(session, PUBLIC, now, "sign_in_refused", "account", None, **marks)
        return None
    audit.record(session, actor, now, "signed_in", "account", account.id)
    return account


def _slow_down(session: Session, marks: dict[str, str], now: datetime) -> None:
    address = Event.details["address"].astext == marks["address"]
    login = Event.details["login"].astext == marks["login"]
    wrong, same_name = session.execute(
        select(func.count(), func.count().filter(login)).where(
            Event.occurred_at > now - WINDOW, Event.action == "sign_in_refused", address
        )
    ).one()
    if same_name >= MOST_PER_NAME or wrong >= MOST_PER_ADDRESS:
        raise TooMany(
            "パスワードの間違いが続きました。15分ほどたってから、もう一度お試しください。"
        )


def _mark(text: str) -> str:
    """A mark by which the same name or address is recognised, and not read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
