"""A folder larger than one piece is planned in regions by processes of its own."""

import pytest

from matching.engine import join, rank, solve, solve_region, split
from matching.engine.stopwatch import Stopwatch
from matching.interchange.engine_spread import plan_and_rank
from tests.engine.referee import faults
from tests.engine.samples import crowded_world

SMALL = 15


def test_regions_over_processes_give_the_joined_plan_and_the_candidates_of_all() -> None:
    world = crowded_world(3, 40, 25)
    problem = world.problem()
    plan, ranked = plan_and_rank(problem, 1, Stopwatch(None), visits=SMALL)
    here = [solve_region(problem, region) for region in split(problem, SMALL)]
    assert len(here) > 2
    assert plan == join(problem, here)
    assert list(faults(world, plan.assignments)) == []
    assert ranked == rank(problem)
    assert list(ranked) == list(problem.need_index)


def test_what_is_not_large_is_planned_in_one_piece() -> None:
    problem = crowded_world(3, 10, 8).problem()
    assert plan_and_rank(problem, 1, Stopwatch(None)) == (solve(problem), rank(problem))


@pytest.mark.parametrize("visits", [SMALL, 8_000])
def test_a_deadline_that_has_passed_leaves_a_plan_with_a_bound_that_holds(visits: int) -> None:
    world = crowded_world(3, 40, 25)
    problem = world.problem()
    plan, _ = plan_and_rank(problem, 1, Stopwatch(0.0), visits)
    assert plan.figures.truncated
    assert list(faults(world, plan.assignments)) == []
    assert plan.figures.weighted_seats_bound >= solve(problem).figures.weighted_seats
