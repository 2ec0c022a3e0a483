"""From rows to the planner's frozen problem: who can help, what waits, what is already agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from matching.catalogue.models import Category
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.catalogue.reference import Minors as MinorsRule
from matching.coordination.models import Placement, Proposal
from matching.coordination.registry import consenting, grouped, narrowed, volunteer_inputs
from matching.coordination.weighing import live_weights
from matching.engine import (
    Booking,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    Problem,
    VolunteerInput,
    Weights,
    build,
)
from matching.kernel import clock
from matching.needs.models import Need, NeedSkill
from matching.people.models import Block
from matching.places.models import AreaTravel
from matching.volunteers.models import Volunteer

HISTORY_DAYS = 180
RESPONSES = {"accepted": "accepted", "declined": "declined", "no_response": "no_answer"}


@dataclass(frozen=True)
class Loaded:
    """A problem with what leads back from its ids to rows (reference to number and version)."""

    problem: Problem
    needs: Mapping[str, Need]
    volunteers: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Standing:
    """Everybody and all that is agreed, read once for as many problems as are built on it."""

    today: date
    volunteers: list[VolunteerInput]
    rows: Mapping[str, tuple[int, int]]
    placed: list[tuple[str, Booking, Lock]]
    past: list[PastOffer]
    area_minutes: Mapping[tuple[str, str], int]


def read_standing(session: Session, today: date, only: int | None = None) -> Standing:
    """Read everybody who is registered, or only one volunteer, with what binds them."""
    volunteers, rows = volunteer_inputs(session, today, only)
    return Standing(
        today,
        volunteers,
        rows,
        _placements(session, today, only),
        list(_past_offers(session, today, only)),
        _area_minutes(session),
    )


def load(session: Session, standing: Standing, states: Sequence[str]) -> Loaded:
    """Build the problem of the needs in some states."""
    return _build(session, standing, Need.state.in_(states))


def load_need(session: Session, today: date, need_id: int) -> Loaded:
    """Read one need, whatever its state, and everybody who is registered."""
    return _build(session, read_standing(session, today), Need.id == need_id)


def load_pair(session: Session, today: date, need_id: int, volunteer_id: int) -> Loaded:
    """Read one need and one volunteer, for a last look before they are brought together."""
    return _build(session, read_standing(session, today, volunteer_id), Need.id == need_id)


def load_past(session: Session, standing: Standing, need_id: int, weights: Weights) -> Loaded:
    """Build the problem of one need as it stood on a day, under weights of that name."""
    return _build(session, standing, Need.id == need_id, weights)


def _build(
    session: Session,
    standing: Standing,
    wanted: ColumnElement[bool],
    weights: Weights | None = None,
) -> Loaded:
    needs = session.scalars(select(Need).where(wanted).order_by(Need.id)).all()
    waiting = {need.reference for need in needs}
    problem = build(
        _need_inputs(session, needs, wanted),
        standing.volunteers,
        options=Options(
            today=standing.today,
            area_minutes=standing.area_minutes,
            weights=weights or live_weights(session),
        ),
        bookings=[booking for reference, booking, _ in standing.placed if reference not in waiting],
        locks=[lock for reference, _, lock in standing.placed if reference in waiting],
        blocked=_blocks(session, waiting),
        history=standing.past,
    )
    return Loaded(problem, {need.reference: need for need in needs}, standing.rows)


def _need_inputs(
    session: Session, needs: Sequence[Need], wanted: ColumnElement[bool]
) -> list[NeedInput]:
    skills = grouped(session, select(NeedSkill.need_id, NeedSkill.skill_code))
    categories = {row.code: row for row in session.scalars(select(Category))}
    agreed = consenting(session, select(Need.requester_id).where(wanted))
    return [_need_input(need, categories[need.category_code], skills, agreed) for need in needs]


def _need_input(
    need: Need, category: Category, skills: Mapping[int, list[str]], agreed: set[int]
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
        consent=need.requester_id in agreed,
    )


def _past_offers(session: Session, today: date, only: int | None) -> Iterable[PastOffer]:
    since = clock.instant(today - timedelta(days=HISTORY_DAYS), 0)
    offered = (
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
    )
    for row in session.execute(narrowed(offered, Proposal.volunteer_id, only)):
        yield PastOffer(
            volunteer_id=row.reference,
            person_id=str(row.requester_id or row.need_reference or ""),
            offered_on=clock.local_date(row.proposed_at),
            response=RESPONSES[row.state],
            outcome=row.outcome or "",
        )


def _placements(session: Session, today: date, only: int | None) -> list[tuple[str, Booking, Lock]]:
    """What is agreed, both as a booking and as a seat kept on its need's visit."""
    agreed = (
        select(Volunteer.reference, Need, Placement.starts_at, Placement.ends_at)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.state != "cancelled")
        # the whole month counts towards hours a month
        .where(Placement.starts_at >= clock.instant(today.replace(day=1), 0))
        .order_by(Placement.id)
    )
    found = session.execute(narrowed(agreed, Placement.volunteer_id, only))
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
