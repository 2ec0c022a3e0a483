"""Adding a log-in with its roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid
from matching.people import guessable, passwords
from matching.people.login_names import LONGEST, login_key
from matching.people.models import Account, Role
from matching.places.models import Area


@dataclass(frozen=True)
class AccountEntry:
    """A log-in to be; roles are (role, area code or None, district code or None).

    Without a password its owner chooses one by a letter.
    """

    login: str
    password: str
    display_name: str
    roles: tuple[tuple[str, str | None, str | None], ...]
    person_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    demo: bool = False


def add_account(session: Session, entry: AccountEntry, actor: Actor, now: datetime) -> Account:
    """Write the account; raises Invalid for a weak password, Conflict for a name in use."""
    login = login_key(entry.login)
    _check(session, login, entry)
    made = Account(
        login=login,
        password_hash=(
            passwords.hashed(entry.password) if entry.password else passwords.NOT_CHOSEN
        ),
        person_id=entry.person_id,
        display_name=entry.display_name,
        demo=entry.demo,
        created_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(
        Role(
            account_id=made.id,
            role=role,
            area_code=area,
            district_code=district,
            starts_on=entry.starts_on or local_date(now),
            ends_on=entry.ends_on,
        )
        for role, area, district in entry.roles
    )
    audit.record(session, actor, now, "account_added", "account", made.id)
    return made


def _check(session: Session, login: str, entry: AccountEntry) -> None:
    if not login or len(login) > LONGEST or not login.isprintable() or " " in login:
        raise Invalid("ログイン名は、空白のない200文字までの文字にしてください。", field="login")
    if entry.password and not entry.demo:
        held = [role for role, _, _ in entry.roles]
        guessable.check(entry.password, held, (login, entry.display_name))
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise Conflict(f"ログイン名 {login} は、すでに使われています。", code="login_taken")
    for _, area, _ in entry.roles:
        if area is not None and session.get(Area, area) is None:
            raise Invalid(f"地域 {area} はありません。", field="area")
