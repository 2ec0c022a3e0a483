"""Signing in: name and password to an account, slowed down for who keeps guessing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.kernel import audit, limits
from matching.kernel.actor import PUBLIC
from matching.kernel.clock import local_date
from matching.kernel.database import transaction
from matching.kernel.errors import TooMany
from matching.kernel.limits import Limit, Wish
from matching.kernel.logs import logger
from matching.people import passwords, queries
from matching.people.credentials import KnownDevice
from matching.people.login_names import login_key
from matching.people.models import Account

SOON = timedelta(minutes=15)
HOUR = timedelta(hours=1)
PAIR = Limit("sign_in_name_address", 10, SOON)  # one name from one address
NETWORK = Limit("sign_in_network", 50, SOON)  # any names from one /24 or /64
NAME = Limit("sign_in_name", 30, HOUR)  # one name from anywhere
SPRAY = Limit("sign_in_all", 300, HOUR)  # any name from anywhere
DEVICE = Limit("sign_in_device", 10, SOON)  # a browser in which the owner was before
EVERYWHERE = "all"


@dataclass(frozen=True)
class Knock:
    """Who says to be whom, from where; `device` is the token of a browser known from before."""

    login: str
    password: str
    address: str
    device: str = ""


def sign_in(knock: Knock, now: datetime) -> Account | None:
    """Return the account if name and password fit and a role is in term; None reveals no more.

    Raises TooMany after too many wrong passwords; a right one is not asked about any more then.
    Only wrong ones count. A browser in which the owner was before has an allowance of its own, so
    nobody can lock an owner out. The hashing happens between two transactions and holds no
    connection.
    """
    with transaction() as session:
        account_id, kept_hash, wishes = _let_try(session, knock, now)
    fits = passwords.verify(kept_hash, knock.password)
    with transaction() as session:
        return _answer(session, knock, account_id if fits else None, wishes, now)


def _let_try(
    session: Session, knock: Knock, now: datetime
) -> tuple[int | None, str | None, list[Wish]]:
    name = login_key(knock.login)
    row = session.execute(
        select(Account.id, Account.password_hash, KnownDevice.digest)
        .outerjoin(
            KnownDevice,
            (KnownDevice.account_id == Account.id) & (KnownDevice.digest == digest(knock.device)),
        )
        .where(Account.login == name, Account.disabled_at.is_(None))
    ).one_or_none()
    known = row is not None and row.digest is not None
    wishes = [(DEVICE, f"{name} {knock.device}")] if known else _wishes(name, knock.address)
    used_up = limits.spend(session, wishes, now)
    if used_up is not None:
        logger().warning("sign_in_slowed", kind=used_up.name)
        raise TooMany(
            "パスワードの間違いが続きました。15分ほどたってから、もう一度お試しください。"
        )
    return (row.id, row.password_hash, wishes) if row else (None, None, wishes)


def _wishes(name: str, address: str) -> list[Wish]:
    return [
        (PAIR, f"{name} {address}"),
        (NETWORK, limits.network(address)),
        (NAME, name),
        (SPRAY, EVERYWHERE),
    ]


def _answer(
    session: Session, knock: Knock, account_id: int | None, wishes: list[Wish], now: datetime
) -> Account | None:
    if account_id is not None:
        limits.give_back(session, wishes)
        account = queries.find_account(session, account_id)
        if account is not None and queries.actor_of(account, local_date(now)) is not None:
            return account
    marks = {"login": _mark(login_key(knock.login)), "address": _mark(knock.address)}
    audit.record(session, PUBLIC, now, "sign_in_refused", "account", None, **marks)
    return None


def remember_device(session: Session, account_id: int, device: str, now: datetime) -> str:
    """Return the token by which this browser is known from now on: the one it has, or a new one."""
    token = device or secrets.token_urlsafe(32)
    row = insert(KnownDevice).values(digest=digest(token), account_id=account_id, seen_at=now)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[KnownDevice.digest, KnownDevice.account_id], set_={"seen_at": now}
        )
    )
    return token


def digest(token: str) -> str:
    """Return what is kept of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mark(text: str) -> str:
    """A mark by which the same name or address is recognised, and not read."""
    return digest(text)[:16]
