"""A forgotten password: asked for without saying whether there is such an account, mailed later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit, limits, outbox
from matching.kernel.actor import PUBLIC, SYSTEM
from matching.kernel.clock import local_date
from matching.kernel.errors import TooMany
from matching.kernel.limits import Limit
from matching.people import queries, tickets
from matching.people.login_names import login_key
from matching.people.models import Account

NETWORK = Limit("reset_network", 5, timedelta(hours=1))
NAME = Limit("reset_name", 3, timedelta(hours=1))

Post = Callable[[str, str, str], None]  # sends one link to one address, in a language


def ask(session: Session, login: str, address: str, now: datetime) -> None:
    """Ask for a mail to the owner of a name; known and unknown names leave the same rows behind.

    Raises TooMany for an address that asks too often. For a name that is asked for too often, and
    for one that nobody has, the job finds nothing to do.
    """
    name = login_key(login)
    account_id = session.scalar(
        select(Account.id).where(Account.login == name, Account.disabled_at.is_(None))
    )
    if limits.spend(session, [(NETWORK, limits.network(address))], now) is not None:
        raise TooMany("続けて送られたので、止めています。1時間ほどたってから、お試しください。")
    if limits.spend(session, [(NAME, name)], now) is not None:
        account_id = None
    audit.record(session, PUBLIC, now, "reset_asked", "account", None)
    outbox.enqueue(session, "reset_mail", {"account": account_id}, now)


def mail(session: Session, account_id: int | None, post: Post, now: datetime) -> bool:
    """Mail the owner a link that is good for half an hour; returns whether there was one to mail.

    The link is made here, so it never waits in a queue. A second try makes a new one.
    """
    account = queries.find_account(session, account_id) if account_id else None
    address = account.person.email if account and account.person else None
    if account is None or queries.actor_of(account, local_date(now)) is None:
        return False
    address = address or (account.login if "@" in account.login else None)
    if address is None:
        return False
    minted = tickets.mint(session, account, "reset", SYSTEM, now)
    session.flush()
    language = account.person.language if account.person else "ja"
    post(address, f"/reset/{minted.token}", language)
    return True
