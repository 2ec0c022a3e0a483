"""A search that is told to be brisk ends sooner; what it proves holds all the same."""

import pytest

from matching.engine import solve
from matching.engine.openings import open_visits
from matching.engine.relaxing import BRISK, MANY, THOROUGH, pace_of
from matching.engine.roster import Roster
from matching.engine.running import Run
from matching.engine.solving import complete
from matching.engine.stopwatch import Stopwatch

from .referee import faults
from .samples import crowded_world


@pytest.mark.parametrize("seed", range(3))
def test_a_brisk_plan_keeps_every_rule_and_its_bound_holds_for_every_plan(seed: int) -> None:
    world = crowded_world(seed, 24, 14)
    problem = world.problem()
    run = Run(Roster(problem, open_visits(problem)), 1, Stopwatch(None))
    run.pace = BRISK
    complete(run)
    brisk, whole = run.written(), solve(problem)
    floor = solve(problem, deadline_seconds=0)
    assert list(faults(world, brisk.assignments)) == []
    assert floor.figures.objective <= brisk.figures.objective <= whole.figures.bound
    assert brisk.figures.bound >= whole.figures.objective
    assert brisk.figures.weighted_seats_bound >= whole.figures.weighted_seats


def test_only_many_visits_are_searched_briskly() -> None:
    assert (pace_of(MANY - 1), pace_of(MANY)) == (THOROUGH, BRISK)
    assert THOROUGH.enough == 0
