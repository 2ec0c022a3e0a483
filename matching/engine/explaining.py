"""Why somebody is, or is not, proposed for a need: every gate and the facts behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.distances import home_km
from matching.engine.eligibility import sift
from matching.engine.gates import GATES, TESTS, Gate
from matching.engine.people import merged
from matching.engine.problem import ELIGIBLE, NO_LIMIT, Ask, Problem
from matching.engine.scoring import factor_points
from matching.engine.visits import DAY_MINUTES, window
from matching.engine.weights import FACTORS

Facts = Mapping[str, object]
"""Plain values (numbers, dates, codes, tuples of them) for the page to put into words."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One volunteer seen against one need.

    `gates` are all that shut the person out on their own, in order, each with its facts;
    `first_gate` is the one counted for the person. For eligible people both are empty and
    `factors` hold the points.
    """

    need_id: str
    volunteer_id: str
    first_gate: Gate | None
    gates: Mapping[Gate, Facts]
    factors: Mapping[str, int]

    @property
    def score(self) -> int:
        """The sum of the factors; 0 for somebody who is shut out."""
        return sum(self.factors.values())


def explain(problem: Problem, need_id: str, volunteer_id: str) -> Explanation:
    """Return every gate that shuts a person out of a need, or the factors when none does.

    Raises KeyError for ids the problem does not hold.
    """
    ask = problem.asks[problem.need_index[need_id]]
    volunteer = problem.volunteer_index[volunteer_id]
    sifted = sift(problem, ask, np.array([volunteer], dtype=np.int64))
    position = int(sifted.first_gate[volunteer])
    if position == ELIGIBLE:
        points = factor_points(problem, ask, sifted.who, sifted.options)[0].tolist()
        return Explanation(need_id, volunteer_id, None, {}, dict(zip(FACTORS, points, strict=True)))
    first = GATES[position]
    gates = {
        gate: _facts(problem, ask, volunteer, gate)
        for gate in GATES
        if gate is first or not _alone(problem, ask, volunteer, gate)
    }
    return Explanation(need_id, volunteer_id, first, gates, {})


def _alone(problem: Problem, ask: Ask, volunteer: int, gate: Gate) -> bool:
    """Tell whether a gate, looked at alone, lets the person through somewhere."""
    passed = TESTS[gate](problem, ask, np.array([volunteer], dtype=np.int64))
    if passed is None:
        return True
    return bool(passed.any()) or (passed.ndim == 2 and not passed.shape[1])


def _facts(problem: Problem, ask: Ask, volunteer: int, gate: Gate) -> Facts:
    teller = _TELLERS.get(gate)
    return {} if teller is None else teller(problem, ask, volunteer)


def _category(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    wanted = sorted(problem.volunteers.inputs[volunteer].categories)
    return {"asked": ask.input.category, "wanted": tuple(wanted)}


def _skills(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    missing = ask.input.required_skills - problem.volunteers.inputs[volunteer].skills
    return {"missing": tuple(sorted(missing))}


def _distance(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    km = float(home_km(problem, ask, np.array([volunteer], dtype=np.int64))[0])
    return {"km": round(km, 3), "limit_km": float(problem.volunteers.max_km[volunteer])}


def _availability(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    """The nearest miss: when the person is free on the weekdays asked for, and what was asked."""
    weekdays = sorted({problem.date_of(day).weekday() for day in ask.days.tolist()})
    person = problem.volunteers.inputs[volunteer]
    opens, closes = window(ask.input)
    dates = {problem.date_of(day) for day in ask.days.tolist()}
    return {
        "asked_weekdays": tuple(weekdays),
        "asked_from": opens,
        "asked_to": closes,
        "duration_minutes": ask.duration,
        "free": tuple(f for f in merged(person.availability) if f.weekday in weekdays),
        "free_other_days": tuple(
            f for f in merged(person.availability) if f.weekday not in weekdays
        ),
        "dates_off": tuple(sorted(dates & person.dates_off)),
    }


def _notice(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    latest = int(ask.days.max(initial=0))
    return {"wanted_days": int(problem.volunteers.notice[volunteer]), "latest_in_days": latest}


def _hours(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    months = np.unique(problem.month_of[ask.days])
    left = int(problem.volunteers.minutes_left[volunteer, months].max(initial=-NO_LIMIT))
    return {"minutes_left": left, "duration_minutes": ask.duration}


def _own_limits(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    person = problem.volunteers.inputs[volunteer]
    return {
        "open_offers": person.open_offers,
        "max_open_offers": person.max_open_offers,
        "max_visits_per_week": person.max_visits_per_week,
        "resting": ask.input.category in person.resting_categories,
    }


def _qualification(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    until = problem.volunteers.inputs[volunteer].qualifications_until
    asked = sorted(ask.input.required_skills & until.keys())
    return {"until": tuple((code, until[code]) for code in asked)}


def _consent(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    return {
        "need": ask.input.consent,
        "volunteer": problem.volunteers.inputs[volunteer].consent,
    }


def _bookings(problem: Problem, ask: Ask, volunteer: int) -> Facts:
    days = set(ask.days.tolist())
    spots = problem.bookings.get(volunteer, ())
    return {
        "engaged": tuple(
            (problem.date_of(s.start // DAY_MINUTES), s.start % DAY_MINUTES, s.end - s.start)
            for s in spots
            if s.start // DAY_MINUTES in days
        )
    }


_TELLERS: Mapping[Gate, Callable[[Problem, Ask, int], Facts]] = {
    Gate.CATEGORY_NOT_WANTED: _category,
    Gate.SKILL_MISSING: _skills,
    Gate.TOO_FAR: _distance,
    Gate.NOT_AVAILABLE: _availability,
    Gate.NOTICE: _notice,
    Gate.HOURS_LIMIT: _hours,
    Gate.OWN_LIMITS: _own_limits,
    Gate.QUALIFICATION: _qualification,
    Gate.CONSENT: _consent,
    Gate.TIME_CONFLICT: _bookings,
}
