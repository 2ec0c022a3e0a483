"""Signing in: name and password to an account, with the attempts counted in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.clock import local_date
from matching.people import passwords, queries
from matching.people.models import Account


def sign_in(session: Session, login: str, password: str, now: datetime) -> Account | None:
    """Return the account if name and password fit and a role is in term; None reveals no more."""
    account = queries.find_account_by_login(session, login)
    fits = passwords.verify(account.password_hash if account else None, password)
    actor = queries.actor_of(account, local_date(now)) if account and fits else None
    if account is None or actor is None:
        return None
    audit.record(session, actor, now, "signed_in", "account", account.id)
    return account
