"""How people, accounts and roles are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from matching.kernel.actor import Actor, Grant
from matching.kernel.clock import today
from matching.kernel.errors import NotFound
from matching.kernel.permissions import ROLES
from matching.people.login_names import login_key
from matching.people.models import Account, Consent, Role


def find_account(session: Session, account_id: int) -> Account | None:
    """Return an account that may still sign in, with its roles and person, in one statement."""
    return _one(session, _accounts().where(Account.id == account_id))


def find_account_by_login(session: Session, login: str) -> Account | None:
    """Return an account by what was typed as its name, in any writing."""
    return _one(session, _accounts().where(Account.login == login_key(login)))


def get_account(session: Session, account_id: int) -> Account:
    """Return any account with its roles, disabled ones too; raises NotFound."""
    found = _one(session, _accounts(only_open=False).where(Account.id == account_id))
    if found is None:
        raise NotFound
    return found


def list_accounts(session: Session) -> Sequence[Account]:
    """Return all accounts with their roles, by log-in name."""
    return session.scalars(_accounts(only_open=False).order_by(Account.login)).unique().all()


def _one(session: Session, wanted: Select[Account]) -> Account | None:
    return session.scalars(wanted).unique().one_or_none()


def _accounts(*, only_open: bool = True) -> Select[Account]:
    found = select(Account).options(joinedload(Account.roles), joinedload(Account.person))
    return found.where(Account.disabled_at.is_(None)) if only_open else found


def actor_of(account: Account, today: date) -> Actor | None:
    """Return what an account may be today; None when no role is within its term (BR-30)."""
    held = [role for role in account.roles if _in_term(role, today)]
    if not held:
        return None
    order = list(ROLES)
    held.sort(key=lambda role: order.index(role.role))
    return Actor(
        roles=tuple(dict.fromkeys(role.role for role in held)),
        account_id=account.id,
        person_id=account.person_id,
        display_name=account.display_name,
        grants=tuple(
            Grant(role.role, role.area_code, role.district_code, role.starts_on) for role in held
        ),
    )


def actor_anyway(account: Account) -> Actor:
    """Return an account acting on itself, whatever the day: choosing a password needs no term."""
    roles = tuple(dict.fromkeys(role.role for role in account.roles)) or ("public",)
    return Actor(roles, account.id, account.person_id, display_name=account.display_name)


def _in_term(role: Role, today: date) -> bool:
    return role.starts_on <= today and (role.ends_on is None or today <= role.ends_on)


def consent_state(session: Session, person_id: int, purpose: str) -> str | None:
    """Return the newest state of a person's consent for a purpose; None when never asked."""
    newest = newest_consent(session, person_id, purpose)
    return newest.state if newest is not None else None


def newest_consent(session: Session, person_id: int, purpose: str) -> Consent | None:
    """Return a person's newest word on a purpose."""
    return session.scalar(
        select(Consent)
        .where(Consent.person_id == person_id, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def agrees(session: Session, person_id: int, purpose: str) -> bool:
    """Tell whether a person's newest word on a purpose is a yes that has not run out."""
    newest = newest_consent(session, person_id, purpose)
    if newest is None or newest.state != "given":
        return False
    return newest.expires_on is None or newest.expires_on >= today()
