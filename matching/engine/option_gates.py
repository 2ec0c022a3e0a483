"""Gates on the option: one answer per volunteer and day or start of a visit."""

from datetime import date

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.distances import code_row
from matching.engine.people import QUARTERS
from matching.engine.problem import Ask, Problem
from matching.engine.timeline import reachable
from matching.engine.visits import DAY_MINUTES, STEP_MINUTES


def available(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell when the weekly availability covers the whole visit, dates off taken out."""
    quarter = (problem.options.today.weekday() + ask.day) % 7 * QUARTERS + ask.start // STEP_MINUTES
    until = problem.volunteers.free_until[who[:, None], quarter]
    free: Bools = until >= ask.start + ask.duration
    return free & ~problem.volunteers.off[who[:, None], ask.day]


def notice(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell which days leave the notice a person wants."""
    in_time: Bools = problem.volunteers.notice[who][:, None] <= ask.day
    return in_time


def hours(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell in which months the hours left are enough for one more visit."""
    left = problem.volunteers.minutes_left[who[:, None], problem.month_of[ask.day]]
    enough: Bools = left >= ask.duration
    return enough


def own_limits(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell in which weeks people can take one more visit and offer (BR-15)."""
    people = problem.volunteers
    open_to_more = ~people.offers_full[who] & ~code_row(people.resting, ask.input.category, who)
    in_week: Bools = people.visits_left[who[:, None], problem.week_of[ask.day]] >= 1
    return in_week & open_to_more[:, None]


def not_blocked(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell which pairs and days nobody has ruled out (BR-13)."""
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    blocked = problem.blocked.get(ask.index, frozenset())
    passed[np.isin(who, sorted(blocked))] = False
    for volunteer, day in sorted(problem.forbidden.get(ask.index, ()), key=str):
        days = np.ones(len(ask.day), dtype=bool) if day is None else ask.day == day
        passed[np.ix_(who == volunteer, days)] = False
    return passed


def minors(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell where the minors' rules are kept (BR-10)."""
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    adult_from = problem.volunteers.minor_until[who]
    for row in np.flatnonzero(adult_from > ask.days.min(initial=0)):
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


def qualified(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell on which days every qualification asked for is valid (BR-11)."""
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    for code in sorted(ask.input.required_skills & problem.volunteers.skill_until.keys()):
        passed &= problem.volunteers.skill_until[code][who][:, None] >= ask.day
    return passed


def insured(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell on which days cover exists or can still be bought in time (BR-17, BR-18)."""
    in_time = ask.day >= problem.options.insurance_lead_days
    covered: Bools = problem.volunteers.insured_until[who][:, None] >= ask.day
    if not ask.input.insurance_needed:
        return np.ones_like(covered)
    return covered | in_time


def not_booked(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell which options a person can reach between confirmed engagements (BR-20)."""
    passed = np.ones((len(who), len(ask.day)), dtype=bool)
    starts = ask.day * DAY_MINUTES + ask.start
    spans = (starts, starts + ask.duration)
    for row, volunteer in enumerate(who.tolist()):
        for busy in problem.bookings.get(volunteer, ()):
            passed[row] &= reachable(problem.geography, volunteer, ask.index, spans, busy)
    return passed


def age_on(born: date, on: date) -> int:
    """Return the age in whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
