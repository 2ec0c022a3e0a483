"""How concerns are found: only by managers and those named beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.kernel.clock import instant
from matching.kernel.errors import Invalid, NotFound
from matching.needs.models import Need
from matching.people.models import Account, Person, Role
from matching.people.rules import fiscal_year_end
from matching.people.sight import concealed_from
from matching.people.standstill import MANAGER, hidden_from, is_insider
from matching.people.trust_models import SafeguardingMember
from matching.safeguarding.models import Concern, ConcernAlert, ConcernPerson
from matching.safeguarding.rules import LEAST_SHOWN, TARGETS
from matching.volunteers.models import Volunteer


def require_member(session: Session, actor: Actor) -> None:
    """Raise NotFound for everybody else: for them there is no such thing."""
    if not is_insider(session, actor):
        raise NotFound


def get_concern(session: Session, concern_id: int, actor: Actor) -> Concern:
    """Return a concern for the safeguarding group; NotFound for all others."""
    require_member(session, actor)
    found = session.get(Concern, concern_id)
    if found is None:
        raise NotFound
    return found


def list_concerns(session: Session, actor: Actor, *, closed: bool = False) -> Sequence[Concern]:
    """Return concerns, open ones by age, closed ones newest first."""
    require_member(session, actor)
    found = select(Concern).limit(200)
    if closed:
        found = found.where(Concern.state == "closed").order_by(Concern.id.desc())
    else:
        found = found.where(Concern.state != "closed").order_by(Concern.raised_at, Concern.id)
    return session.scalars(found).all()


def phone_list(session: Session, today: date) -> list[int]:
    """Return the accounts to tell about a concern, in the order of telling."""
    in_term = and_(Role.starts_on <= today, or_(Role.ends_on.is_(None), Role.ends_on >= today))
    managers = select(Role.account_id).where(Role.role == MANAGER, in_term)
    found = (
        select(Account.id)
        .outerjoin(SafeguardingMember, SafeguardingMember.account_id == Account.id)
        .where(Account.disabled_at.is_(None))
        .where(or_(Account.id.in_(managers), SafeguardingMember.account_id.is_not(None)))
        .order_by(func.coalesce(SafeguardingMember.place, 0), Account.id)
    )
    return list(session.scalars(found))


def hidden_people(session: Session, actor: Actor) -> set[int]:
    """Return the people of whom this actor may only know that something is being arranged."""
    return set(session.scalars(hidden_from(actor)))


def waiting_for(session: Session, account_id: int) -> int:
    """Count the concerns that somebody was told about and nobody has taken up yet."""
    found = (
        select(func.count(ConcernAlert.id))
        .join(Concern, Concern.id == ConcernAlert.concern_id)
        .where(ConcernAlert.account_id == account_id, Concern.state == "reported")
    )
    return session.scalar(found) or 0


def people_of(session: Session, concern_id: int) -> Sequence[ConcernPerson]:
    """Return whom a concern touches."""
    found = select(ConcernPerson).where(ConcernPerson.concern_id == concern_id)
    return session.scalars(found.order_by(ConcernPerson.part, ConcernPerson.person_id)).all()


def counts_by_target(session: Session, actor: Actor, day: date) -> dict[str, int | None]:
    """Count the concerns of a fiscal year by whom they are about; None where it would tell."""
    require_member(session, actor)
    end = fiscal_year_end(day)
    start: datetime = instant(date(end.year - 1, 4, 1), 0)
    counted = session.execute(
        select(Concern.target, func.count())
        .where(Concern.raised_at >= start, Concern.raised_at < instant(end, 24 * 60))
        .group_by(Concern.target)
    )
    known = {row[0]: row[1] for row in counted}
    return {
        target: (count if (count := known.get(target, 0)) >= LEAST_SHOWN else None)
        for target in TARGETS
    }


def person_by_reference(session: Session, named: str, actor: Actor) -> int:
    """Return the person of a need's or a registration's number; raises Invalid for any other.

    A number of somebody of whom the actor may be told nothing is like one that does not exist.
    """
    number = unicodedata.normalize("NFKC", named).strip().upper()
    asking = select(Need.requester_id).where(Need.reference == number)
    helping = select(Volunteer.person_id).where(Volunteer.reference == number)
    found = session.scalar(asking) or session.scalar(helping)
    known = select(Person.id).where(Person.id == found, Person.id.not_in(concealed_from(actor)))
    if found is None or session.scalar(known) is None:
        raise Invalid("その番号の方はいません。番号をたしかめてください。", field="reference")
    return found
