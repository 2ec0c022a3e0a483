"""A log-in made at the desk for somebody, e-mail or not: the letter that starts it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.permissions import OFFICE, sees_area
from matching.people import managing, passwords, queries, tickets
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account, Person, Role
from matching.people.tickets import Minted


@dataclass(frozen=True)
class Invitation:
    """Whom a letter is for, in which role, and the name to sign in with if there is none yet."""

    person_id: int
    role: str
    login: str = ""


def find_account_of(session: Session, person_id: int) -> Account | None:
    """Return the account of a person with its roles, a closed one too."""
    return session.scalar(
        select(Account)
        .where(Account.person_id == person_id)
        .options(selectinload(Account.roles))
        .execution_options(populate_existing=True)
    )


def invite(session: Session, invitation: Invitation, actor: Actor, now: datetime) -> Minted:
    """Make the account of a person of the actor's reach, or find it, and a letter for it.

    Only log-ins of residents and volunteers: a letter is as good as a password, and who acts for
    others is let in by an administrator.
    """
    person = session.get(Person, invitation.person_id)
    if person is None or not sees_area(actor, person.area_code):
        raise NotFound
    account = find_account_of(session, person.id)
    if account is None:
        account = _new(session, person, invitation, actor, now)
    elif account.disabled_at or not OFFICE.isdisjoint(role.role for role in account.roles):
        raise Invalid("この方のログインは、管理者だけが扱えます。", field="login")
    elif not any(_held(role, invitation.role, now) for role in account.roles):
        hat = managing.RoleEntry(invitation.role, None, None, local_date(now), None)
        managing.give_role(session, account.id, account.version, hat, actor, now)
    return tickets.mint(session, queries.get_account(session, account.id), "activation", actor, now)


def _held(role: Role, wanted: str, now: datetime) -> bool:
    return role.role == wanted and (role.ends_on is None or role.ends_on >= local_date(now))


def _new(
    session: Session, person: Person, invitation: Invitation, actor: Actor, now: datetime
) -> Account:
    entry = AccountEntry(
        login=invitation.login,
        password=passwords.NOT_CHOSEN,
        display_name=person.name,
        roles=((invitation.role, None, None),),
        person_id=person.id,
    )
    return add_account(session, entry, actor, now)


def login_choices(person: Person, reference: str) -> list[str]:
    """Return what somebody could sign in with: what they know by heart comes first."""
    known = (person.email, person.mobile, person.phone, reference)
    return list(dict.fromkeys(filter(None, known)))
