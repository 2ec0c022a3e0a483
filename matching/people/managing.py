"""What those who run the centre do with log-ins: roles with a term, disabling, ending sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, NotFound, StaleVersion
from matching.people import queries, sessions, tickets
from matching.people.credentials import Passkey, RecoveryCode, TotpSecret
from matching.people.models import Account, Role
from matching.places.models import Area, District


@dataclass(frozen=True)
class RoleEntry:
    """A role to be, with its reach and its term."""

    role: str
    area_code: str | None
    district_code: str | None
    starts_on: date
    ends_on: date | None


def give_role(
    session: Session, account_id: int, version: int, entry: RoleEntry, actor: Actor, now: datetime
) -> None:
    """Add a role to an account; its sessions end, so that the new rights begin afresh."""
    account = _held(session, account_id, version)
    check(session, entry)
    if account.id == actor.account_id:
        raise Invalid("自分の役割は変えられません。ほかの管理者に頼んでください。")
    made = Role(account_id=account.id, **vars(entry))
    session.add(made)
    session.flush()
    _changed(session, account, actor, now, "role_given", role=entry.role, role_id=made.id)


def check(session: Session, entry: RoleEntry) -> None:
    """Raise Invalid for a role without the reach or the term it needs."""
    if entry.ends_on is not None and entry.ends_on < entry.starts_on:
        raise Invalid("終わりの日は、始まりの日より後にしてください。", field="ends_on")
    if entry.area_code and session.get(Area, entry.area_code) is None:
        raise Invalid("地域を選んでください。", field="area")
    if entry.district_code:
        district = session.get(District, entry.district_code)
        if district is None or district.area_code != entry.area_code:
            raise Invalid("その地域にある地区を選んでください。", field="district")
    if entry.role == "branch_staff" and not entry.area_code:
        raise Invalid("支部職員には、地域を選んでください。", field="area")
    if entry.role == "welfare_commissioner" and not entry.district_code:
        raise Invalid("民生委員・児童委員には、担当の地区を選んでください。", field="district")


def end_role(
    session: Session,
    account_id: int,
    version: int,
    role_id: int,
    ends_on: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Set the last day of a role; it counts to the end of that day in Japan (BR-30)."""
    account = _held(session, account_id, version)
    role = next((each for each in account.roles if each.id == role_id), None)
    if role is None:
        raise NotFound
    if ends_on < role.starts_on:
        raise Invalid("終わりの日は、始まりの日より後にしてください。", field="ends_on")
    role.ends_on = ends_on
    _changed(session, account, actor, now, "role_ended", role=role.role, role_id=role.id)


def disable(session: Session, account_id: int, actor: Actor, now: datetime) -> None:
    """Close a log-in at once: sessions, letters and links with it."""
    account = _held(session, account_id)
    if account.id == actor.account_id:
        raise Invalid("自分のログインは止められません。ほかの管理者に頼んでください。")
    account.disabled_at = account.disabled_at or now
    tickets.close(session, account.id, now)
    _changed(session, account, actor, now, "account_disabled")


def enable(session: Session, account_id: int, actor: Actor, now: datetime) -> None:
    """Open a closed log-in again, with the roles it has."""
    account = _held(session, account_id)
    account.disabled_at = None
    _changed(session, account, actor, now, "account_enabled")


def forget_factors(session: Session, account_id: int, actor: Actor, now: datetime) -> None:
    """Take an account's second factors away: its owner lost them and was seen in person."""
    account = _held(session, account_id)
    for kept in (TotpSecret, Passkey, RecoveryCode):
        session.execute(delete(kept).where(kept.account_id == account.id))
    account.factor_since = None
    _changed(session, account, actor, now, "factors_forgotten")


def end_sessions(session: Session, account_id: int, actor: Actor, now: datetime) -> None:
    """End every session of an account at its next request."""
    _changed(session, _held(session, account_id), actor, now, "sessions_ended")


def _held(session: Session, account_id: int, version: int | None = None) -> Account:
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    account = queries.get_account(session, account_id)
    if version is not None and account.version != version:
        raise StaleVersion(
            "ほかの人が、先にこのログインを変えました。いまの内容を見て、もう一度お決めください。"
        )
    return account


def _changed(
    session: Session, account: Account, actor: Actor, now: datetime, action: str, **details: object
) -> None:
    sessions.end_all(session, account)
    audit.record(session, actor, now, action, "account", account.id, **details)
