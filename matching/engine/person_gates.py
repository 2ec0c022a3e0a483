"""Gates on the person: one answer per volunteer, whatever the day."""

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.distances import code_row, home_km
from matching.engine.problem import Ask, Problem
from matching.engine.travel import ROUNDING, direction


def active(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell who takes part at present."""
    return problem.volunteers.active[who]


def category(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell who wants this kind of activity."""
    return code_row(problem.volunteers.categories, ask.input.category, who)


def skills(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell who has every skill asked for."""
    passed = np.ones(len(who), dtype=bool)
    for code in sorted(ask.input.required_skills):
        passed &= code_row(problem.volunteers.skills, code, who)
    return passed


def car(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell who comes with a car, where one is needed."""
    return problem.volunteers.car[who] if ask.input.car_needed else None


def gender(problem: Problem, ask: Ask, who: Ints) -> Bools | None:
    """Tell who fits the wish for a woman or a man (BR-14)."""
    wanted = ask.input.gender_preference
    if wanted in (None, "any"):
        return None
    return np.array([problem.volunteers.inputs[v].gender == wanted for v in who], dtype=bool)


def near(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell whose home lies within their own limit; unknown places have a gate of their own."""
    people, place = problem.volunteers, problem.geography.places[ask.place]
    cosine = people.direction.take(who, axis=0) @ direction(place.lat, place.lon)
    inside = cosine - people.reach_cosine.take(who)
    passed: Bools = ~(inside < 0)
    edge = np.flatnonzero(np.abs(inside) < ROUNDING)
    passed[edge] = ~(home_km(problem, ask, who[edge]) > people.max_km[who[edge]])
    return passed


def coordinates(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell for whom both ends of the way are known."""
    place, people = problem.geography.places[ask.place], problem.volunteers
    return ~np.isnan(people.lat[who] + people.lon[who] + place.lat + place.lon)


def consent(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell where the resident's and the volunteer's consent are both there (BR-04)."""
    return problem.volunteers.consent[who] & ask.input.consent
