"""Without the solver, or with one that fails, there is a greedy plan with a bound that holds."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matching.engine import replan, solve, solver

from .referee import faults
from .samples import crowded_world

ROOT = Path(__file__).parents[2]
WITHOUT = """
import sys
sys.modules["highspy"] = None
from matching.engine import DropVolunteer, Planner, replan, solve
from tests.engine.samples import crowded_world
for seed in range(6):
    plan = solve(crowded_world(seed, 10, 6).problem())
    again = replan(crowded_world(seed, 10, 6).problem(), plan.assignments, quick=True)
    print(plan.figures.method, plan.figures.objective, plan.figures.bound, len(again.changes))
world = crowded_world(3, 10, 6)
planner = Planner(world.needs, world.volunteers, options=world.options)
planner.apply([DropVolunteer(volunteer_id=planner.plan().assignments[0].volunteer_id)])
repaired = planner.repair().figures
print(repaired.method, repaired.objective <= repaired.bound)
"""


def test_a_missing_solver_leaves_the_greedy_plan_and_a_bound_no_better_plan_breaks() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    *lines, repaired = ran.stdout.splitlines()
    assert repaired == "repair without solver True"
    assert len(lines) == 6
    for seed, line in enumerate(lines):
        *method, objective, bound, changes = line.split()
        best = solve(crowded_world(seed, 10, 6).problem()).figures
        assert method == ["greedy", "without", "solver"]
        assert int(objective) <= best.objective <= int(bound)
        assert changes == "0"


class Broken:
    """Stands for a solver whose model never comes out."""

    def __init__(self, highs: Any) -> None:
        self._highs = highs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._highs, name)

    def run(self) -> Any:
        """Fail as HiGHS does when it has no memory left."""
        return solver._solver_library().HighsStatus.kError


@pytest.mark.parametrize("after", range(0, 12, 3))
def test_a_solver_that_fails_on_the_way_costs_quality_but_no_rule(
    after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = crowded_world(3, 10, 6)
    best = solve(world.problem())
    usual, made = solver.Solver._run, []

    def fails_later(one: solver.Solver) -> Any:
        made.append(one)
        if len(made) > after:
            one._highs = Broken(one._highs)
        return usual(one)

    monkeypatch.setattr(solver.Solver, "_run", fails_later)
    plan = solve(world.problem())
    assert list(faults(world, plan.assignments)) == []
    assert plan.figures.objective <= best.figures.objective <= plan.figures.bound
    assert plan.figures.method.endswith("without solver") == (len(made) > after)
    assert list(faults(world, replan(world.problem(), plan.assignments).assignments)) == []
