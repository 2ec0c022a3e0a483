"""Letters and mails that let somebody choose a password once: made, recognised, used up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from matching.cells.cell import plain
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.permissions import OFFICE
from matching.people import guessable, passwords, queries, sessions
from matching.people.credentials import Ticket
from matching.people.models import Account
from matching.people.signing_in import digest

LETTER = timedelta(days=14)  # the post and a quiet moment
OFFICE_LETTER = timedelta(hours=24)
RESET = timedelta(minutes=30)
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another
GROUPS, GROUP = 3, 4  # 31^12: 59 bits, tried at most a few times an hour


@dataclass(frozen=True)
class Minted:
    """What is printed or mailed once; we keep digests only."""

    account: Account
    token: str
    code: str
    expires_at: datetime


def mint(session: Session, account: Account, purpose: str, actor: Actor, now: datetime) -> Minted:
    """Make the ticket of an account; the one made before is worth nothing from now on."""
    close(session, account.id, now, purpose)
    token, code = secrets.token_urlsafe(32), _new_code()
    expires_at = now + _lifetime(account, purpose)
    made = Ticket(
        account_id=account.id,
        purpose=purpose,
        token_digest=digest(token),
        code_digest=digest(code) if purpose == "activation" else None,
        created_at=now,
        created_by_id=actor.account_id,
        expires_at=expires_at,
    )
    session.add(made)
    audit.record(session, actor, now, f"{purpose}_ticket_made", "account", account.id)
    return Minted(account, token, code, expires_at)


def _lifetime(account: Account, purpose: str) -> timedelta:
    if purpose == "reset":
        return RESET
    office = not OFFICE.isdisjoint(role.role for role in account.roles)
    return OFFICE_LETTER if office else LETTER


def _new_code() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def folded_code(typed: str) -> str:
    """Return a typed code as it was printed: any width, any case, with or without hyphens."""
    bare = "".join(letter for letter in plain(typed).lower() if letter in LETTERS)
    return "-".join(bare[place : place + GROUP] for place in range(0, len(bare), GROUP))


def find_open(session: Session, purpose: str, key: str, now: datetime) -> Ticket:
    """Return the ticket of a token's or code's digest; raises NotFound for any that is over."""
    found = session.scalar(
        select(Ticket)
        .where(Ticket.purpose == purpose, Ticket.closed_at.is_(None), Ticket.expires_at > now)
        .where(or_(Ticket.token_digest == key, Ticket.code_digest == key))
        .with_for_update()
    )
    if found is None:
        raise NotFound("このご案内は使えません。期限が過ぎたか、もう使われています。")
    return found


def choose_password(
    session: Session, purpose: str, key: str, password: str, now: datetime
) -> Account:
    """Set the password that a ticket allows to choose; every session of the account ends."""
    account = queries.find_account(session, find_open(session, purpose, key, now).account_id)
    if account is None:
        raise NotFound
    set_password(session, account, password, queries.actor_anyway(account), now)
    close(session, account.id, now)
    return account


def set_password(
    session: Session, account: Account, password: str, actor: Actor, now: datetime
) -> None:
    """Give an account a password that guessing does not find, and end its sessions."""
    held = [role.role for role in account.roles]
    guessable.check(password, held, (account.login, account.display_name))
    account.password_hash = passwords.hashed(password)
    sessions.end_all(session, account)
    audit.record(session, actor, now, "password_set", "account", account.id)


def close(session: Session, account_id: int, now: datetime, purpose: str | None = None) -> None:
    """Take an account's open tickets back."""
    still = update(Ticket).where(Ticket.account_id == account_id, Ticket.closed_at.is_(None))
    session.execute(
        (still.where(Ticket.purpose == purpose) if purpose else still).values(closed_at=now)
    )
