"""Gates on the option: one answer per volunteer and day or start of a visit."""

from datetime import date

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.distances import code_row
from matching.engine.problem import Ask, Problem
from matching.engine.timeline import reachable
from matching.engine.visits import DAY_MINUTES, STEP_MINUTES


def available(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell when the weekly availability covers the whole visit, dates off taken out."""
    people = problem.volunteers
    until = people.free_until[who[:, None], ask.times // STEP_MINUTES]
    at_times: Bools = until >= ask.times % DAY_MINUTES + ask.duration
    free = at_times[:, ask.time_position]
    rows = np.flatnonzero(people.takes_off[who])
    free[rows] &= ~people.off[who[rows][:, None], ask.day]
    return free


def notice(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell which days leave the notice a person wants."""
    return _on_days(ask, problem.volunteers.notice[who][:, None] <= ask.days)


def hours(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell in which months the hours left are enough for one more visit."""
    left = problem.volunteers.minutes_left[who[:, None], _periods(problem.month_of, ask)]
    return _on_days(ask, left >= ask.duration)


def own_limits(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell in which weeks people can take one more visit and offer (BR-15)."""
    people = problem.volunteers
    open_to_more = ~people.offers_full[who] & ~code_row(people.resting, ask.input.category, who)
    in_week: Bools = people.visits_left[who[:, None], _periods(problem.week_of, ask)] >= 1
    return _on_days(ask, in_week & open_to_more[:, None])


def not_blocked(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell who may meet the resident at all (BR-13)."""
    blocked = problem.blocked.get(ask.index)
    return ~np.isin(who, sorted(blocked)) if blocked else None


def not_forbidden(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell which pairs and days a coordinator has not ruled out of the plan."""
    forbidden = problem.forbidden.get(ask.index)
    if not forbidden:
        return None
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    for volunteer, day in sorted(forbidden, key=str):
        days = np.ones(len(ask.day), dtype=bool) if day is None else ask.day == day
        passed[np.ix_(who == volunteer, days)] = False
    return passed


def minors(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell where the minors' rules are kept (BR-10)."""
    adult_from = problem.volunteers.minor_until[who]
    rows = np.flatnonzero(adult_from > ask.days.min(initial=0))
    if not len(rows):
        return None
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    for row in rows:
        passed[row] = _minor_may(problem, ask, int(who[row])) | (ask.day >= adult_from[row])
    return passed


def _minor_may(problem: Problem, ask: Ask, volunteer: int) -> Bools:
    """BR-10: guardian's consent on the day, minimum age, hours, never alone in a home."""
    person, options = problem.volunteers.inputs[volunteer], problem.options
    if ask.input.private_home and ask.input.min_headcount < 2:
        return np.zeros(len(ask.day), dtype=bool)
    until, born = person.guardian_consent_until, person.birth_on
    consent = -1 if until is None else (until - options.today).days
    in_hours = ask.start >= options.minor_from_minutes
    in_hours &= ask.start + ask.duration <= options.minor_to_minutes
    old_enough = [
        born is not None and age_on(born, problem.date_of(day)) >= ask.input.min_age
        for day in ask.days
    ]
    by_day: Bools = np.array(old_enough, dtype=bool)[ask.day_position]
    by_day &= ask.day <= consent
    return by_day & in_hours


def qualified(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell on which days every qualification asked for is valid (BR-11)."""
    expiring = ask.input.required_skills & problem.volunteers.skill_until.keys()
    if not expiring:
        return None
    until = [problem.volunteers.skill_until[code][who] for code in sorted(expiring)]
    return _on_days(ask, np.min(until, axis=0)[:, None] >= ask.days)


def insured(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell on which days cover exists or can still be bought in time (BR-17, BR-18)."""
    in_time = ask.days >= problem.options.insurance_lead_days
    if not ask.input.insurance_needed or in_time.all():
        return None
    covered: Bools = problem.volunteers.insured_until[who][:, None] >= ask.days
    return _on_days(ask, covered | in_time)


def not_booked(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell which options a person can reach between confirmed engagements (BR-20)."""
    rows = np.flatnonzero(problem.volunteers.booked[who])
    if not len(rows):
        return None
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    starts = ask.day * DAY_MINUTES + ask.start
    spans = (starts, starts + ask.duration)
    for row in rows.tolist():
        volunteer = int(who[row])
        for busy in problem.bookings[volunteer]:
            passed[row] &= reachable(problem.geography, volunteer, ask.place, spans, busy)
    return passed


def _on_days(ask: Ask, passed: Bools) -> Bools | None:
    """Spread [volunteer, day] over the options, unless there is nothing to tell."""
    if passed.all():
        return None
    return passed[:, ask.day_position] if passed.shape[1] > 1 else passed


def _periods(period_of: Ints, ask: Ask) -> Ints:
    """Return the month or week of each day; only one where all days lie in the same.

    A need whose days have gone by has none.
    """
    periods = period_of[ask.days]
    return periods[:1] if periods.size and periods[0] == periods[-1] else periods


def age_on(born: date, on: date) -> int:
    """Return the age in whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
