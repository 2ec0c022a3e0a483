"""From rows to the planner's frozen problem: who can help, what waits, what is already agreed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from matching.catalogue.models import Category
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.catalogue.reference import Minors as MinorsRule
from matching.coordination.agreements import (
    Hold,
    Seat,
    area_minutes,
    forbidden_pairs,
    held_seats,
    past_offers,
    placed_seats,
)
from matching.coordination.barring import barred_pairs
from matching.coordination.models import Placement
from matching.coordination.registry import Only, consenting, grouped, volunteer_inputs
from matching.coordination.weighing import live_weights
from matching.engine import (
    Booking,
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    Problem,
    VolunteerInput,
    Weights,
    build,
)
from matching.engine.visits import duration_minutes, window
from matching.needs import snow
from matching.needs.days_off import days_off_of
from matching.needs.models import Need, NeedSkill
from matching.people.rules import minors_until


@dataclass(frozen=True)
class Inputs:
    """The plain values of one problem, as `build` and `Planner` of the engine take them."""

    needs: list[NeedInput]
    volunteers: list[VolunteerInput]
    options: Options
    bookings: list[Booking]
    locks: list[Lock]
    blocked: list[tuple[str, str]]
    forbids: list[Forbid]
    history: list[PastOffer]

    def values(self) -> dict[str, Any]:
        """Return them by the names of the engine's arguments."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


AHEAD = timedelta(days=28)  # as far as the planner looks


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
    placed: list[Seat]
    held: list[Hold]
    forbidden: list[Forbid]
    past: list[PastOffer]
    area_minutes: Mapping[tuple[str, str], int]

    def without(self, rule_ids: Collection[int]) -> Standing:
        """Return the same without some of the seats that coordinators hold."""
        return replace(self, held=[hold for hold in self.held if hold.rule_id not in rule_ids])


def read_standing(session: Session, today: date, only: Only = None) -> Standing:
    """Read everybody who is registered, or only some volunteers, with what binds them."""
    volunteers, rows = volunteer_inputs(session, today, only)
    return Standing(
        today,
        volunteers,
        rows,
        placed_seats(session, today, only),
        held_seats(session, today, only),
        forbidden_pairs(session, only),
        list(past_offers(session, today, only)),
        area_minutes(session),
    )


def load(session: Session, standing: Standing, states: Sequence[str]) -> Loaded:
    """Build the problem of the needs in some states."""
    return _build(session, standing, Need.state.in_(states))


def load_if_any(session: Session, standing: Standing, states: Sequence[str]) -> Loaded | None:
    """Build the problem of the needs in some states, None where there are none."""
    wanted = Need.state.in_(states)
    if session.scalar(select(Need.id).where(wanted).limit(1)) is None:
        return None
    return _build(session, standing, wanted)


def read_inputs(
    session: Session, standing: Standing, states: Sequence[str]
) -> tuple[dict[str, Need], Inputs]:
    """Return the needs in some states and everything the planner wants to know of them."""
    return _read(session, standing, Need.state.in_(states))


def load_need(session: Session, today: date, need_id: int) -> Loaded:
    """Read one need, whatever its state, and everybody who is registered.

    Who is held for this need is looked at like everybody else.
    """
    return ask_anew(session, read_standing(session, today), need_id)


def load_pair(session: Session, today: date, need_id: int, volunteer_id: int) -> Loaded:
    """Read one need and one volunteer, for a last look before they are brought together."""
    return ask_anew(session, read_standing(session, today, [volunteer_id]), need_id)


def ask_anew(session: Session, standing: Standing, need_id: int) -> Loaded:
    """Build the problem of one need as if nobody were held for it yet."""
    own = [hold.rule_id for hold in standing.held if hold.need_id == need_id]
    return _build(session, standing.without(own), Need.id == need_id)


def load_past(session: Session, standing: Standing, need_id: int, weights: Weights) -> Loaded:
    """Build the problem of one need as it stood on a day, under weights of that name."""
    then = replace(standing, held=[], forbidden=[])  # those were said since
    return _build(session, then, Need.id == need_id, weights)


def _build(
    session: Session,
    standing: Standing,
    wanted: ColumnElement[bool],
    weights: Weights | None = None,
) -> Loaded:
    needs, inputs = _read(session, standing, wanted, weights)
    return Loaded(build(**inputs.values()), needs, standing.rows)


def _read(
    session: Session,
    standing: Standing,
    wanted: ColumnElement[bool],
    weights: Weights | None = None,
) -> tuple[dict[str, Need], Inputs]:
    needs = session.scalars(select(Need).where(wanted).order_by(Need.id)).all()
    waiting = {need.reference for need in needs}
    seats = [*standing.placed, *standing.held]
    inputs = Inputs(
        needs=_need_inputs(session, needs, wanted, standing.today),
        volunteers=standing.volunteers,
        options=Options(
            today=standing.today,
            minor_to_minutes=minors_until(standing.today, standing.today + AHEAD),
            area_minutes=standing.area_minutes,
            weights=weights or live_weights(session),
        ),
        bookings=[seat.booking for seat in seats if seat.need not in waiting],
        locks=[seat.lock for seat in seats if seat.need in waiting],
        blocked=_blocked(session, needs, standing.rows),
        forbids=standing.forbidden,
        history=standing.past,
    )
    return {need.reference: need for need in needs}, inputs


def _blocked(
    session: Session, needs: Sequence[Need], rows: Mapping[str, tuple[int, int]]
) -> list[tuple[str, str]]:
    """Pairs of need and volunteer that are never proposed, whichever asked for it (BR-13)."""
    pairs = barred_pairs(session, [need.id for need in needs])
    if not pairs:
        return []
    references = {need.id: need.reference for need in needs}
    people = {number: reference for reference, (number, _version) in rows.items()}
    return sorted((references[need], people[who]) for need, who in pairs if who in people)


def _need_inputs(
    session: Session, needs: Sequence[Need], wanted: ColumnElement[bool], today: date
) -> list[NeedInput]:
    skills = grouped(session, select(NeedSkill.need_id, NeedSkill.skill_code))
    categories = {row.code: row for row in session.scalars(select(Category))}
    agreed = consenting(session, select(Need.requester_id).where(wanted))
    off = days_off_of(session, [need.id for need in needs])
    along = _companions(session, wanted)
    inputs = [
        replace(
            _need_input(need, categories[need.category_code], skills, agreed, along),
            dates_off=frozenset(off[need.id]),
        )
        for need in needs
    ]
    return [_by_daylight(each, today) if each.category in snow.SNOW else each for each in inputs]


def _by_daylight(need: NeedInput, today: date) -> NeedInput:
    """Leave the days and hours on which snow may be cleared (BR-21)."""
    if need.start_on is None:
        return need
    first, last = max(today, need.start_on), today + AHEAD
    last = min(last, need.end_on or (need.start_on if need.recurrence == "once" else last))
    found = snow.hours(first, last, *window(need))
    off = need.dates_off | found.off
    if found.closes - found.opens < duration_minutes(need):
        return replace(need, dates_off=off | set(_days(first, last)))
    return replace(need, dates_off=off, time_from=found.opens, time_to=found.closes)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _companions(session: Session, wanted: ColumnElement[bool]) -> dict[int, int]:
    """How many come along with a group on the one visit of a need: seats nobody is sought for."""
    found = (
        select(Placement.need_id, func.sum(Placement.seats - 1))
        .join(Need, Need.id == Placement.need_id)
        .where(wanted, Placement.state != "cancelled", Placement.seats > 1)
        .where(Need.recurrence.in_(("once", "as_needed")))
        .group_by(Placement.need_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(found)}


def _need_input(
    need: Need,
    category: Category,
    skills: Mapping[int, list[str]],
    agreed: set[int],
    along: Mapping[int, int],
) -> NeedInput:
    seats = max(need.headcount - along.get(need.id, 0), 1)
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
        headcount=seats,
        min_headcount=min(need.min_headcount or category.min_persons, seats),
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
