"""From rows to the planner's frozen problem: who can help, what waits, what is already agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from matching.catalogue.models import Category, Skill
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.catalogue.reference import Minors as MinorsRule
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import MOST_OPEN_OFFERS, MOST_VISITS_A_WEEK, REST_AFTER_DECLINE
from matching.engine import (
    Booking,
    Free,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    Problem,
    VolunteerInput,
    build,
)
from matching.kernel import clock
from matching.needs.models import Need, NeedSkill
from matching.people.models import Block, Consent, Person
from matching.places.models import AreaTravel
from matching.volunteers.models import (
    AvailabilitySlot,
    DayOff,
    Volunteer,
    VolunteerCategory,
    VolunteerSkill,
)

HISTORY_DAYS = 180
RESPONSES = {"accepted": "accepted", "declined": "declined", "no_response": "no_answer"}


@dataclass(frozen=True)
class Loaded:
    """A problem with what leads back from its ids to rows (reference to number and version)."""

    problem: Problem
    needs: Mapping[str, Need]
    volunteers: Mapping[str, tuple[int, int]]


def load(session: Session, today: date, states: Sequence[str]) -> Loaded:
    """Read what a planning run sees: the needs in some states and everybody who is registered."""
    return _load(session, today, Need.state.in_(states), None)


def load_need(session: Session, today: date, need_id: int) -> Loaded:
    """Read one need, whatever its state, and everybody who is registered."""
    return _load(session, today, Need.id == need_id, None)


def load_pair(session: Session, today: date, need_id: int, volunteer_id: int) -> Loaded:
    """Read one need and one volunteer, for a last look before they are brought together."""
    return _load(session, today, Need.id == need_id, volunteer_id)


def _load(
    session: Session, today: date, wanted: ColumnElement[bool], volunteer_id: int | None
) -> Loaded:
    needs = session.scalars(select(Need).where(wanted).order_by(Need.id)).all()
    volunteers, rows = _volunteers(session, today, volunteer_id)
    placed = _placements(session, today)
    waiting = {need.reference for need in needs}
    problem = build(
        _need_inputs(session, needs),
        volunteers,
        options=Options(today=today, area_minutes=_area_minutes(session)),
        bookings=[booking for reference, booking, _ in placed if reference not in waiting],
        locks=[lock for reference, _, lock in placed if reference in waiting],
        blocked=_blocks(session, waiting),
        history=_past_offers(session, today),
    )
    return Loaded(problem, {need.reference: need for need in needs}, rows)


def _need_inputs(session: Session, needs: Sequence[Need]) -> list[NeedInput]:
    skills = _grouped(session, select(NeedSkill.need_id, NeedSkill.skill_code))
    categories = {row.code: row for row in session.scalars(select(Category))}
    consenting = _consenting(session, [need.requester_id for need in needs])
    return [_need_input(need, categories[need.category_code], skills, consenting) for need in needs]


def _need_input(
    need: Need, category: Category, skills: Mapping[int, list[str]], consenting: set[int]
) -> NeedInput:
    described = CATEGORY_BY_CODE.get(category.code)
    helpful = {hint.code for hint in described.skills} if described else set()
    return NeedInput(
        need_id=need.reference,
        category=need.category_code,
        lat=need.lat,
        lon=need.lon,
        area=need.area_code,
        person_id=str(need.requester_id),
        required_skills=frozenset(skills[need.id]),
        helpful_skills=frozenset(helpful),
        headcount=need.headcount,
        min_headcount=need.min_headcount or min(need.headcount, category.min_persons),
        start_on=need.start_on,
        end_on=need.end_on,
        weekdays=frozenset(need.weekdays),
        time_from=need.from_minute,
        time_to=need.to_minute,
        duration_minutes=need.duration_minutes,
        recurrence=need.recurrence,
        urgency=need.urgency,
        gender_preference=need.gender_preference,
        car_needed=need.car_needed,
        min_age=MinorsRule(category.minors).minimum_age,
        private_home=category.place in {"in", "both"},
        consent=need.requester_id in consenting,
    )


def _consenting(session: Session, person_ids: Iterable[int] | None = None) -> set[int]:
    """People whose newest word on `coordination_use` is yes (BR-04)."""
    newest = (
        select(Consent.person_id, func.max(Consent.id).label("newest"))
        .where(Consent.purpose == "coordination_use")
        .group_by(Consent.person_id)
    )
    if person_ids is not None:
        newest = newest.where(Consent.person_id.in_(list(person_ids)))
    last = newest.subquery()
    given = select(Consent.person_id).join(
        last, and_(Consent.id == last.c.newest, Consent.state == "given")
    )
    return set(session.scalars(given))


def _volunteers(
    session: Session, today: date, only: int | None
) -> tuple[list[VolunteerInput], dict[str, tuple[int, int]]]:
    wanted = Volunteer.id == only if only is not None else Volunteer.state != "withdrawn"
    details = _Details(session, today, only)
    found = session.execute(
        select(Volunteer, Person)
        .join(Person, Person.id == Volunteer.person_id)
        .where(wanted)
        .order_by(Volunteer.id)
    ).all()
    inputs = [details.input_of(volunteer, person) for volunteer, person in found]
    rows = {volunteer.reference: (volunteer.id, volunteer.version) for volunteer, _ in found}
    return inputs, rows


class _Details:
    """What the other tables say about volunteers, each read once for all of them."""

    def __init__(self, session: Session, today: date, only: int | None) -> None:
        def of(table: type[Any], *columns: Any) -> Any:
            found = select(table.volunteer_id, *columns)
            return found.where(table.volunteer_id == only) if only is not None else found

        self.categories = _grouped(session, of(VolunteerCategory, VolunteerCategory.category_code))
        self.skills = _grouped(session, of(VolunteerSkill, VolunteerSkill.skill_code))
        self.until = _qualifications(
            session, of(VolunteerSkill, VolunteerSkill.skill_code, *_PROOF)
        )
        self.slots = _slots(session, of(AvailabilitySlot, *_INTERVAL))
        self.off = _grouped(session, of(DayOff, DayOff.off_on).where(DayOff.off_on >= today))
        self.offers = _open_offers(session)
        self.resting = _resting(session, today)
        self.consenting = _consenting(session)

    def input_of(self, volunteer: Volunteer, person: Person) -> VolunteerInput:
        return VolunteerInput(
            volunteer_id=volunteer.reference,
            status=volunteer.state,
            lat=person.lat,
            lon=person.lon,
            area=person.area_code,
            gender=person.gender,
            birth_on=person.birth_on,
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
            insured_until=volunteer.insured_until,
            consent=person.id in self.consenting,
        )


def _grouped(session: Session, pairs: Any) -> defaultdict[int, list[Any]]:
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


def _open_offers(session: Session) -> defaultdict[int, int]:
    counted = session.execute(
        select(Proposal.volunteer_id, func.count())
        .where(Proposal.state == "contacted")
        .group_by(Proposal.volunteer_id)
    )
    return defaultdict(int, {row[0]: row[1] for row in counted})


def _resting(session: Session, today: date) -> defaultdict[int, list[str]]:
    since = clock.instant(today - timedelta(days=REST_AFTER_DECLINE), 0)
    category = func.coalesce(Proposal.category_code, Need.category_code)
    return _grouped(
        session,
        select(Proposal.volunteer_id, category)
        .outerjoin(Need, Need.id == Proposal.need_id)
        .where(Proposal.state == "declined", Proposal.responded_at >= since),
    )


def _past_offers(session: Session, today: date) -> Iterable[PastOffer]:
    since = clock.instant(today - timedelta(days=HISTORY_DAYS), 0)
    for row in session.execute(
        select(
            Volunteer.reference,
            Need.requester_id,
            Proposal.need_reference,
            Proposal.proposed_at,
            Proposal.state,
            Proposal.outcome,
        )
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .outerjoin(Need, Need.id == Proposal.need_id)
        .where(Proposal.state.in_(RESPONSES), Proposal.proposed_at >= since)
        .order_by(Proposal.id)
    ):
        yield PastOffer(
            volunteer_id=row.reference,
            person_id=str(row.requester_id or row.need_reference or ""),
            offered_on=clock.local_date(row.proposed_at),
            response=RESPONSES[row.state],
            outcome=row.outcome or "",
        )


def _placements(session: Session, today: date) -> list[tuple[str, Booking, Lock]]:
    """What is agreed, both as a booking and as a seat kept on its need's visit."""
    found = session.execute(
        select(Volunteer.reference, Need, Placement.starts_at, Placement.ends_at)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.state != "cancelled")
        # the whole month counts towards hours a month
        .where(Placement.starts_at >= clock.instant(today.replace(day=1), 0))
        .order_by(Placement.id)
    )
    return [
        _placed(reference, need, starts_at, ends_at)
        for reference, need, starts_at, ends_at in found
    ]


def _placed(reference: str, need: Need, starts_at: Any, ends_at: Any) -> tuple[str, Booking, Lock]:
    on = clock.local_date(starts_at)
    start = clock.minutes_of_day(starts_at)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    booking = Booking(
        volunteer_id=reference,
        on=on,
        start_minutes=start,
        end_minutes=start + minutes,
        lat=need.lat,
        lon=need.lon,
        area=need.area_code,
    )
    lock = Lock(need_id=need.reference, volunteer_id=reference, on=on, start_minutes=start)
    return need.reference, booking, lock


def _blocks(session: Session, references: set[str]) -> list[tuple[str, str]]:
    """Pairs of need and volunteer that are never proposed, whichever asked for it (BR-13)."""
    met = and_(Block.person_id == Need.requester_id, Block.other_person_id == Volunteer.person_id)
    other = and_(Block.other_person_id == Need.requester_id, Block.person_id == Volunteer.person_id)
    if not session.scalar(select(exists(select(Block.id)))):
        return []
    pairs = session.execute(
        select(Need.reference, Volunteer.reference)
        .select_from(Block)
        .join(Need, Need.requester_id.in_([Block.person_id, Block.other_person_id]))
        .join(Volunteer, met | other)
    )
    return sorted({(need, who) for need, who in pairs if need in references})


def _area_minutes(session: Session) -> dict[tuple[str, str], int]:
    return {
        (row.from_area_code, row.to_area_code): row.minutes
        for row in session.scalars(select(AreaTravel))
    }
