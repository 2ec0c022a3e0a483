"""Renewing registrations and proofs: who lapses when, and renewing many in one act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from matching.catalogue.models import Skill
from matching.kernel import audit, tasks
from matching.kernel.actor import Actor
from matching.kernel.clock import instant, local_date
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.outbox import plan_soon
from matching.people.models import Person
from matching.places.calendar import end_of_fiscal_year
from matching.volunteers.models import Volunteer, VolunteerSkill
from matching.volunteers.term_rules import (
    GRACE_ENDS,
    WARN_BEFORE,
    registered_until,
    renewal_year,
)

NOBODY = "更新する方を選んでください。"
NO_PROOF = "証書で確かめるのは、証書のいる資格だけです。"
EXPIRED = "有効期限がすぎています。新しい証書を見せてもらってください。"
NOT_SEEN = "証書を見た日は、今日までの日で入力してください。"
OWN = "ご自分の資格は、ほかの職員が確かめてください。"
KEPT = ("active", "paused")


def renew(
    session: Session, volunteer_ids: Collection[int], fiscal_year: int, actor: Actor, now: datetime
) -> int:
    """Renew registrations to the end of a fiscal year (BR-29); returns how many changed."""
    if not volunteer_ids:
        raise Invalid(NOBODY, field="volunteer")
    until, count = end_of_fiscal_year(fiscal_year), 0
    for volunteer_id in sorted(set(volunteer_ids)):
        row = session.get(Volunteer, volunteer_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.registered_until is not None and row.registered_until >= until:
            continue
        row.registered_until = until
        row.version += 1
        audit.record(
            session, actor, now, "registration_renewed", "volunteer", row.id, year=fiscal_year
        )
        count += 1
    if count:
        plan_soon(session, now)
    return count


def lapsing(
    session: Session, fiscal_year: int, within: ColumnElement[bool] | None
) -> Sequence[Volunteer]:
    """Return the volunteers whose registration does not reach the end of a fiscal year."""
    until = end_of_fiscal_year(fiscal_year)
    found = (
        select(Volunteer)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.state.in_(KEPT))
        .where(or_(Volunteer.registered_until.is_(None), Volunteer.registered_until < until))
        .options(joinedload(Volunteer.person))
        .order_by(Person.name_kana.nulls_last(), Volunteer.id)
    )
    rows = session.scalars(found if within is None else found.where(within)).all()
    return [
        row
        for row in rows
        if registered_until(row.registered_until, local_date(row.created_at)) < until
    ]


def verify_skill(
    session: Session,
    volunteer: Volunteer,
    skill_code: str,
    seen_on: date,
    valid_until: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down that somebody saw the proof of a qualification, and its last day (BR-11)."""
    skill = session.get(Skill, skill_code)
    if skill is None or not skill.verify:
        raise Invalid(NO_PROOF, field="skill")
    if actor.person_id is not None and actor.person_id == volunteer.person_id:
        raise Conflict(OWN, code="two_people")
    today = local_date(now)
    if seen_on > today:
        raise Invalid(NOT_SEEN, field="seen_on")
    if valid_until is not None and valid_until < today:
        raise Invalid(EXPIRED, field="valid_until")
    row = session.get(VolunteerSkill, (volunteer.id, skill_code))
    if row is None:
        row = VolunteerSkill(volunteer_id=volunteer.id, skill_code=skill_code)
        session.add(row)
    row.verified_on, row.valid_until, row.verified_by_id = seen_on, valid_until, actor.account_id
    volunteer.version += 1
    tasks.close_tasks(session, ("volunteer", volunteer.id), now, kinds=("qualification",))
    audit.record(
        session, actor, now, "qualification_verified", "volunteer", volunteer.id, skill=skill_code
    )
    plan_soon(session, now)


def watch_terms(session: Session, now: datetime) -> int:
    """Ask for renewals in their season and for proofs before they expire; returns how many."""
    today = local_date(now)
    count = 0
    year = renewal_year(today)
    if year is not None:
        due = instant(date(year, *GRACE_ENDS), 17 * 60)
        count += tasks.open_task(session, "renewal", ("fiscal_year", year), due, now)
    for volunteer_id, area_code, until in _expiring(session, today):
        count += tasks.open_task(
            session,
            "qualification",
            ("volunteer", volunteer_id),
            instant(until, 9 * 60),
            now,
            area_code=area_code,
        )
    return count


def _expiring(session: Session, today: date) -> Sequence[tuple[int, str | None, date]]:
    found = (
        select(Volunteer.id, Person.area_code, VolunteerSkill.valid_until)
        .join(VolunteerSkill, VolunteerSkill.volunteer_id == Volunteer.id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.state.in_(KEPT), VolunteerSkill.valid_until.is_not(None))
        .where(VolunteerSkill.valid_until.between(today, today + WARN_BEFORE))
        .order_by(VolunteerSkill.valid_until, Volunteer.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(found) if row[2] is not None]
