"""Shielding: a person whose whereabouts never leave at most three named members of staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.kernel.permissions import STAFF
from matching.people.models import Account, Role
from matching.people.trust_models import Shield, ShieldKeeper

MOST_KEEPERS = 3
NO_KEEPER = "住所を知ってよい職員を、1人から3人まで選んでください。"
NO_REASON = "理由を入力してください。決めた職員だけが見ます。"
NOT_STAFF = "センターの職員のログイン名を入力してください。"
CENTRE = "ボランティアセンター"


def shield(
    session: Session,
    person_id: int,
    reason: str,
    logins: Sequence[str],
    actor: Actor,
    now: datetime,
    meeting_point: str = CENTRE,
) -> Shield:
    """Shield a person: only the named staff know where they live, all others meet at the centre."""
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    keepers = _keepers(session, logins)
    found = session.scalar(select(Shield).where(Shield.person_id == person_id)) or Shield(
        person_id=person_id, created_at=now, created_by_id=actor.account_id
    )
    found.reason, found.meeting_point = reason.strip(), meeting_point.strip()[:200] or CENTRE
    session.add(found)
    session.execute(delete(ShieldKeeper).where(ShieldKeeper.person_id == person_id))
    session.flush()
    session.add_all(
        ShieldKeeper(person_id=person_id, place=place, account_id=account_id)
        for place, account_id in enumerate(keepers, start=1)
    )
    audit.record(session, actor, now, "shielded", "person", person_id, keepers=keepers)
    return found


def _keepers(session: Session, logins: Sequence[str]) -> list[int]:
    named = list(dict.fromkeys(login.strip().lower() for login in logins if login.strip()))
    if not 1 <= len(named) <= MOST_KEEPERS:
        raise Invalid(NO_KEEPER, field="keepers")
    staff = select(Role.account_id).where(Role.role.in_(STAFF))
    found = session.scalars(
        select(Account.id)
        .where(Account.login.in_(named), Account.id.in_(staff))
        .order_by(Account.id)
    ).all()
    if len(found) != len(named):
        raise Invalid(NOT_STAFF, field="keepers")
    return list(found)


def unshield(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Take the shield away."""
    session.execute(delete(ShieldKeeper).where(ShieldKeeper.person_id == person_id))
    session.execute(delete(Shield).where(Shield.person_id == person_id))
    audit.record(session, actor, now, "unshielded", "person", person_id)


def shield_of(session: Session, person_id: int) -> Shield | None:
    """Return the shield of a person, if there is one."""
    return session.scalar(select(Shield).where(Shield.person_id == person_id))


def keeps(session: Session, actor: Actor, person_id: int) -> bool:
    """Tell whether somebody is one of those who may know where a shielded person lives."""
    found = select(ShieldKeeper.place).where(
        ShieldKeeper.person_id == person_id, ShieldKeeper.account_id == actor.account_id
    )
    return actor.account_id is not None and session.scalar(found) is not None


def out_of_sight(actor: Actor | None) -> Select[int]:
    """Select the shielded people whom an actor does not keep; with None, all of them.

    They are left out of searches, lists, counts and sheets.
    """
    found = select(Shield.person_id)
    if actor is None or actor.account_id is None:
        return found
    kept = select(ShieldKeeper.person_id).where(ShieldKeeper.account_id == actor.account_id)
    return found.where(Shield.person_id.not_in(kept))
