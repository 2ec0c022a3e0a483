"""The sessions of an account: listed for its owner, ended one by one or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.people.models import Account, LoginSession


def list_sessions(session: Session, account_id: int, now: datetime) -> Sequence[LoginSession]:
    """Return the open sessions of an account, the one last heard of first."""
    return session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.expires_at > now)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    ).all()


def end_session(session: Session, session_id: int, actor: Actor, now: datetime) -> None:
    """End one session of the actor's own account; raises NotFound for any other."""
    ended = session.scalar(
        delete(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.account_id == actor.account_id)
        .returning(LoginSession.id)
    )
    if ended is None:
        raise NotFound
    audit.record(session, actor, now, "session_ended", "account", actor.account_id)


def end_own(session: Session, actor: Actor, now: datetime) -> int:
    """End all sessions of the actor's own account; returns the epoch that goes on."""
    account = session.get_one(Account, actor.account_id)
    end_all(session, account)
    audit.record(session, actor, now, "sessions_ended", "account", account.id)
    return account.epoch


def end_all(session: Session, account: Account) -> None:
    """End every session of an account, also one that is being opened at this moment.

    A session carries the epoch it was opened in; the rows go so that no list shows them.
    """
    account.epoch += 1
    account.version += 1
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))
