"""Plans against judges that read the model for themselves: never broken, never below the best.

JUDGES_SCALE multiplies the number of random questions.
"""

import os
from dataclasses import replace
from functools import cache

import pytest

from matching.engine import Assignment, solve

from .asking import best_values
from .exhaustive import Search
from .feasibility import faults
from .instance import Seat, from_text, to_text
from .values import instance_of, seats_of
from .valuing import Value, value_of
from .worlds import World, world

SCALE = float(os.environ.get("JUDGES_SCALE", "1"))
SIZES = ((180, 5, 6), (120, 7, 7), (40, 10, 5))
"""How many questions, of how many needs and volunteers."""


@cache
def worlds() -> list[World]:
    return [world(n, *size) for many, *size in SIZES for n in range(round(many * SCALE))]


@cache
def best() -> list[Value]:
    return best_values(w.instance for w in worlds())


def seats(w: World) -> list[Seat]:
    return seats_of(w.plan.assignments)


def test_every_plan_keeps_every_rule_as_the_judges_read_it() -> None:
    broken = [(w, found) for w in worlds() if (found := list(faults(w.instance, seats(w))))]
    assert broken == []


def test_every_plan_is_worth_what_an_integer_programme_proves_to_be_the_best() -> None:
    plans = [value_of(w.instance, seats(w)) for w in worlds()]
    assert plans == best()


def test_no_reported_bound_lies_below_the_best_and_none_above_it_for_small_questions() -> None:
    figures = [w.plan.figures for w in worlds()]
    assert [f.weighted_seats for f in figures] == [value[0] for value in best()]
    assert [f.weighted_seats_bound for f in figures] == [value[0] for value in best()]
    assert [f.gap for f in figures] == [0.0 for _ in figures]


def test_where_nobody_can_be_placed_there_is_no_gap() -> None:
    figures = world(158, 4, 4).plan.figures
    assert (figures.pairs, figures.objective, figures.bound, figures.gap) == (2, 0, 0, 0.0)


def test_a_plan_cut_short_promises_no_less_than_the_best() -> None:
    short = [solve(w.problem, deadline_seconds=0).figures for w in worlds()[::3]]
    proven = [value[0] for value in best()[::3]]
    assert all(f.weighted_seats_bound >= b for f, b in zip(short, proven, strict=True))
    assert all(
        f.bound >= w.plan.figures.objective for f, w in zip(short, worlds()[::3], strict=True)
    )


@pytest.mark.parametrize("seed", range(60))
def test_trying_every_plan_agrees_with_the_integer_programme(seed: int) -> None:
    instance = world(seed, 3, 3).instance
    assert [Search(instance).run()] == best_values_of_tiny()[seed : seed + 1]


@cache
def best_values_of_tiny() -> list[Value]:
    return best_values(world(seed, 3, 3).instance for seed in range(60))


def test_the_questions_are_hard_enough_to_tell_planners_apart() -> None:
    crowded = [w for w in worlds() if w.plan.unplaced and w.plan.assignments]
    floors = [solve(w.problem, deadline_seconds=0).figures for w in worlds()[::3]]
    beaten = [
        w
        for w, f in zip(worlds()[::3], floors, strict=True)
        if f.objective < w.plan.figures.objective
    ]
    assert len(crowded) > len(worlds()) / 2
    assert len(beaten) > len(floors) / 5
    assert any(w.locks for w in worlds())
    assert any(len(w.plan.assignments) > 15 for w in worlds())


def test_an_instance_survives_its_way_to_another_process() -> None:
    assert all(from_text(to_text(w.instance)) == w.instance for w in worlds()[:40])


def broken_plans(w: World) -> dict[str, list[Assignment]]:
    """Every way to spoil a plan, by what the judge must say."""
    first, *rest = w.plan.assignments
    return {
        "off the quarters": [replace(first, start_minutes=601, end_minutes=661), *rest],
        "does not take": [replace(first, end_minutes=first.end_minutes + 15), *rest],
        "somebody twice": [first, first, *rest],
        "is no visit": [replace(first, visit=99), *rest],
        "not registered": [replace(first, volunteer_id="V99"), *rest],
        "outside its window": [replace(first, start_minutes=0, end_minutes=60), *rest],
    }


@pytest.mark.parametrize(
    "said",
    [
        "off the quarters",
        "does not take",
        "somebody twice",
        "is no visit",
        "not registered",
        "outside its window",
    ],
)
def test_the_judge_names_what_is_wrong_with_a_spoilt_plan(said: str) -> None:
    w = next(w for w in worlds() if len(w.plan.assignments) > 3 and not w.locks)
    found = list(faults(w.instance, seats_of(broken_plans(w)[said])))
    assert any(said in fault for fault in found)


def test_the_judge_sees_a_gate_that_shuts_somebody_out() -> None:
    w = next(w for w in worlds() if len(w.plan.assignments) > 3 and not w.locks)
    seat = seats(w)[0]
    blocked = (*w.blocked, (seat.ask, seat.person))
    instance = instance_of(w.needs, w.volunteers, w.options, w.bookings, blocked)
    assert list(faults(instance, seats(w))) == [
        f"a gate shuts {seat.person} out of {seat.ask} visit {visit}"
        for visit in [s.visit for s in seats(w) if (s.ask, s.person) == (seat.ask, seat.person)]
    ]


def test_the_judge_sees_a_lock_that_was_lost_and_hours_that_are_too_many() -> None:
    w = next(w for w in worlds() if w.locks and len(w.plan.assignments) > 3)
    lock = w.locks[0]
    gone = [s for s in seats(w) if (s.ask, s.person) != (lock.need_id, lock.volunteer_id)]
    assert any("locked" in fault for fault in faults(w.instance, gone))
    free = next(w for w in worlds() if len(w.plan.assignments) > 3 and not w.locks)
    people = tuple(replace(p, month_hours=0.1) for p in free.instance.people)
    tired = list(faults(replace(free.instance, people=people), seats(free)))
    assert any("more hours or visits" in fault for fault in tired)
