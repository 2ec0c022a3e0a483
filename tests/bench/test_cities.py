"""The product's own city, one and ten of them on the same ground, with all people and with few.

From BENCH_SCALE=10 a hundred cities are planned too.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matching.engine import rank, solve
from tests.judges.instance import to_text
from tests.judges.values import instance_of

from .measuring import Report, cpu_seconds
from .overlaid import overlaid

GROUNDS = {
    "1 city": (1, 1.0),
    "1 city, crowded": (1, 0.4),
    "10 cities": (10, 1.0),
    "10 cities, crowded": (10, 0.4),
}
HUNDRED = {"100 cities": (100, 1.0)}
GAP_PERCENT = 0.1
RIVALS = ("highs", "cpsat")
RIVALS_SECONDS = 60


def test_cities_are_planned_close_to_their_bound_and_no_rule_is_broken(
    scale: float, report: Report, pytestconfig: pytest.Config
) -> None:
    for name, size in (GROUNDS | (HUNDRED if scale >= 10 else {})).items():
        command = ["-m", "tests.bench.overlaid", *map(str, size)]
        figures = json.loads(_elsewhere(command, pytestconfig.rootpath, ""))
        report.add(f"Plan of {name}", **figures)
        assert figures["rules_broken"] == 0
        assert figures["gap_percent"] <= GAP_PERCENT
        assert figures["weighted_seats"] >= 0.999 * figures["weighted_seats_bound"]


def test_general_solvers_reach_no_more_and_take_many_times_longer(
    report: Report, pytestconfig: pytest.Config
) -> None:
    ground = overlaid(1)
    plans = []
    [seconds] = cpu_seconds(lambda: plans.append(solve(ground.problem())), times=1)
    ours = plans[0].figures
    ranked = rank(ground.problem(), top=len(ground.volunteers)).items()
    scores = {f"{need} {c.volunteer_id}": c.score for need, r in ranked for c in r.candidates}
    line = to_text(instance_of(ground.needs, ground.volunteers, ground.options, scores=scores))
    subject = "The whole question at once, 1 city"
    report.add(
        subject,
        planner_cpu_seconds=seconds,
        planner_weighted_seats=ours.weighted_seats,
        planner_score=ours.score,
    )
    for rival in RIVALS:
        command = ["-m", "tests.judges.rivals", rival, str(RIVALS_SECONDS)]
        found = json.loads(_elsewhere(command, pytestconfig.rootpath, line))
        report.add(subject, **_named(rival, found))
        report.add(subject, **{f"{rival}_times_slower": found["cpu_seconds"] / seconds})
        value = found["weighted_seats"], found["score"]
        assert value <= (ours.weighted_seats_bound, float("inf"))
        assert value[0] <= ours.weighted_seats
        assert found["cpu_seconds"] > 3 * seconds


def _named(rival: str, found: dict[str, Any]) -> dict[str, Any]:
    return {f"{rival}_{name}": value for name, value in found.items()}


def _elsewhere(command: list[str], root: Path, line: str) -> str:
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        input=line,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout
