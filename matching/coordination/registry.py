"""What the registry says of volunteers, as the planner takes it: each table read once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from matching.catalogue.models import Skill
from matching.coordination.models import Proposal
from matching.coordination.rules import MOST_OPEN_OFFERS, MOST_VISITS_A_WEEK, REST_AFTER_DECLINE
from matching.engine import Free, VolunteerInput
from matching.kernel import clock
from matching.needs.models import Need
from matching.people.models import Consent, Person
from matching.people.standstill import held_people
from matching.volunteers.models import (
    AvailabilitySlot,
    DayOff,
    Volunteer,
    VolunteerCategory,
    VolunteerSkill,
)
from matching.volunteers.term_rules import may_be_asked

Shape = TypeVarTuple("Shape")
Only = Collection[int] | None
"""The volunteers that are asked about; None for all."""


def volunteer_inputs(
    session: Session, today: date, only: Only
) -> tuple[list[VolunteerInput], dict[str, tuple[int, int]]]:
    """Return everybody who is registered (or only some), and number and version of their rows."""
    wanted = Volunteer.id.in_(only) if only is not None else Volunteer.state != "withdrawn"
    details = _Details(session, today, only)
    found = session.execute(
        select(*_ROW)
        .join(Person, Person.id == Volunteer.person_id)
        .where(wanted)
        .order_by(Volunteer.id)
    ).all()
    rows = {row.reference: (row.id, row.version) for row in found}
    return [details.input_of(row) for row in found], rows


_ROW = (
    Volunteer.id,
    Volunteer.reference,
    Volunteer.version,
    Volunteer.state,
    Volunteer.created_at,
    Volunteer.registered_until,
    Volunteer.guardian_consent_until,
    Volunteer.transport,
    Volunteer.max_distance_km,
    Volunteer.max_hours_per_month,
    Volunteer.max_visits_per_week,
    Volunteer.notice_days,
    Volunteer.insured_from,
    Volunteer.insured_until,
    Person.id.label("person_id"),
    Person.lat,
    Person.lon,
    Person.area_code,
    Person.gender,
    Person.birth_on,
)
"""Columns alone: whole rows of everybody cost several times as much."""


class _Details:
    """What the other tables say about volunteers, each read once for all of them."""

    def __init__(self, session: Session, today: date, only: Only) -> None:
        self.today = today

        def of(table: type[Any], *columns: Any) -> Any:
            return narrowed(select(table.volunteer_id, *columns), table.volunteer_id, only)

        self.categories = grouped(session, of(VolunteerCategory, VolunteerCategory.category_code))
        self.skills = grouped(session, of(VolunteerSkill, VolunteerSkill.skill_code))
        self.until = _qualifications(
            session, of(VolunteerSkill, VolunteerSkill.skill_code, *_PROOF)
        )
        self.slots = _slots(session, of(AvailabilitySlot, *_INTERVAL))
        self.off = grouped(session, of(DayOff, DayOff.off_on).where(DayOff.off_on >= today))
        self.offers = _open_offers(session, only)
        self.resting = _resting(session, today, only)
        self.consenting = consenting(
            session, narrowed(select(Volunteer.person_id), Volunteer.id, only)
        )

    def _status(self, volunteer: Any) -> str:
        """Whose registration lapsed and was not renewed in time is not asked (BR-29)."""
        registered_on = clock.local_date(volunteer.created_at)
        asked = may_be_asked(volunteer.registered_until, registered_on, self.today)
        return volunteer.state if asked else "lapsed"

    def _insured_until(self, volunteer: Any) -> date | None:
        """Cover that begins tomorrow is none today (BR-18)."""
        begun = volunteer.insured_from is None or volunteer.insured_from <= self.today
        return volunteer.insured_until if begun else None

    def input_of(self, volunteer: Any) -> VolunteerInput:
        return VolunteerInput(
            volunteer_id=volunteer.reference,
            status=self._status(volunteer),
            lat=volunteer.lat,
            lon=volunteer.lon,
            area=volunteer.area_code,
            gender=volunteer.gender,
            birth_on=volunteer.birth_on,
            guardian_consent_until=volunteer.guardian_consent_until,
            categories=frozenset(self.categories[volunteer.id]),
            skills=frozenset(self.skills[volunteer.id]),
            qualifications_until=self.until[volunteer.id],
            availability=tuple(self.slots[volunteer.id]),
            dates_off=frozenset(self.off[volunteer.id]),
            transport=volunteer.transport,
            max_distance_km=volunteer.max_distance_km,
            max_hours_per_month=volunteer.max_hours_per_month,
            max_visits_per_week=min(
                volunteer.max_visits_per_week or MOST_VISITS_A_WEEK, MOST_VISITS_A_WEEK
            ),
            max_open_offers=MOST_OPEN_OFFERS,
            open_offers=self.offers[volunteer.id],
            resting_categories=frozenset(self.resting[volunteer.id]),
            notice_days=volunteer.notice_days,
            insured_until=self._insured_until(volunteer),
            consent=volunteer.person_id in self.consenting,
        )


def narrowed(
    found: Select[*Shape], column: InstrumentedAttribute[int], only: Only
) -> Select[*Shape]:
    """Limit a query to the volunteers that are asked about, if only some are."""
    return found if only is None else found.where(column.in_(only))


def grouped(session: Session, pairs: Any) -> defaultdict[int, list[Any]]:
    """Return the second column's values by the first."""
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for key, value in session.execute(pairs):
        grouped[key].append(value)
    return grouped


_INTERVAL = (
    AvailabilitySlot.weekday,
    AvailabilitySlot.starts_minute,
    AvailabilitySlot.ends_minute,
)
_PROOF = (VolunteerSkill.verified_on, VolunteerSkill.valid_until)


def _slots(session: Session, found: Any) -> defaultdict[int, list[Free]]:
    grouped: defaultdict[int, list[Free]] = defaultdict(list)
    for volunteer_id, *interval in session.execute(found):
        grouped[volunteer_id].append(Free(*interval))
    return grouped


def _qualifications(session: Session, found: Any) -> defaultdict[int, dict[str, date]]:
    """Last valid day of skills that must be verified; one without proof was never valid (BR-11)."""
    grouped: defaultdict[int, dict[str, date]] = defaultdict(dict)
    proved = found.join(Skill, Skill.code == VolunteerSkill.skill_code).where(Skill.verify)
    for volunteer_id, code, verified_on, until in session.execute(proved):
        if verified_on is None:
            grouped[volunteer_id][code] = date.min
        elif until is not None:
            grouped[volunteer_id][code] = until
    return grouped


def _open_offers(session: Session, only: Only) -> defaultdict[int, int]:
    waiting = select(Proposal.volunteer_id, func.count()).where(Proposal.state == "contacted")
    counted = narrowed(waiting, Proposal.volunteer_id, only).group_by(Proposal.volunteer_id)
    return defaultdict(int, {row[0]: row[1] for row in session.execute(counted)})


def _resting(session: Session, today: date, only: Only) -> defaultdict[int, list[str]]:
    since = clock.instant(today - timedelta(days=REST_AFTER_DECLINE), 0)
    category = func.coalesce(Proposal.category_code, Need.category_code)
    declined = (
        select(Proposal.volunteer_id, category)
        .outerjoin(Need, Need.id == Proposal.need_id)
        .where(Proposal.state == "declined", Proposal.responded_at >= since)
    )
    return grouped(session, narrowed(declined, Proposal.volunteer_id, only))


def consenting(session: Session, person_ids: Select[int]) -> set[int]:
    """Return those of some people whom nothing holds and who agree to `coordination_use` (BR-04).

    The newest word counts, until the day it is good for.
    """
    newest = (
        select(Consent.person_id, Consent.state, Consent.expires_on)
        .ext(distinct_on(Consent.person_id))  # one pass, however little is known of the table
        .where(Consent.purpose == "coordination_use", Consent.person_id.in_(person_ids))
        .order_by(Consent.person_id, Consent.id.desc())
        .subquery()
    )
    given = (
        select(newest.c.person_id)
        .where(newest.c.state == "given", newest.c.person_id.not_in(held_people()))
        .where(or_(newest.c.expires_on.is_(None), newest.c.expires_on >= clock.today()))
    )
    return set(session.scalars(given))
