"""Whole plans: how good, how fast, how they are repaired, and always the same."""

import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from matching.engine import Assignment, Forbid, Plan, replan, solve

from .city import City, city
from .hashing import fingerprint
from .measuring import Report, cpu_seconds, median_cpu

SIZES = ((300, 1_200), (1_000, 4_000))
GAP = 0.005
REPAIR_SHARE = {"quick_repair": 0.5, "repair_with_tight_bound": 2.5}
HASH_SEEDS = ("1", "2", "3")


class Planned(NamedTuple):
    """A city and its plan, with the CPU seconds it took."""

    city: City
    plan: Plan
    seconds: float


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def planned(request: pytest.FixtureRequest, scale: float) -> Planned:
    needs, volunteers = (round(number * scale) for number in request.param)
    of_city = city(needs, volunteers)
    plans: list[Plan] = []
    [seconds] = cpu_seconds(lambda: plans.append(solve(of_city.problem())), times=1)
    return Planned(of_city, plans[0], seconds)


def _subject(planned: Planned) -> str:
    return f"Plan of {len(planned.city.needs):,} needs and {len(planned.city.volunteers):,} people"


def test_a_plan_is_close_to_its_bound_and_never_below_the_floor(
    planned: Planned, report: Report
) -> None:
    problem, figures = planned.city.problem(), planned.plan.figures
    floors: list[Plan] = []
    greedy = median_cpu(lambda: floors.append(solve(problem, deadline_seconds=0)))
    floor = floors[0].figures
    report.add(
        _subject(planned),
        visits=figures.visits,
        seats=figures.seats,
        pairs=figures.pairs,
        cpu_seconds=planned.seconds,
        times_the_floor=planned.seconds / greedy,
        method=figures.method,
        gap_percent=figures.gap * 100,
        floor_gap_percent=(figures.bound - floor.objective) / figures.bound * 100,
    )
    assert figures.objective >= floor.objective
    assert figures.gap <= GAP


def test_one_decline_is_repaired_in_part_of_the_time_and_leaves_the_rest_alone(
    planned: Planned, report: Report
) -> None:
    before = planned.plan.assignments
    declined = [before[len(before) * n // 4] for n in (1, 2, 3)]
    for kind, budget in REPAIR_SHARE.items():
        done = [_repaired(planned, one, quick=kind == "quick_repair") for one in declined]
        times, kept = zip(*done, strict=True)
        seconds = statistics.median(times)
        figures = {
            f"{kind}_cpu_seconds": seconds,
            f"{kind}_as_share_of_the_plan": seconds / planned.seconds,
            f"{kind}_least_share_of_other_assignments_kept": min(kept),
        }
        report.add(_subject(planned), **figures)
        assert min(kept) >= 0.98
        assert seconds / planned.seconds <= budget


def _repaired(planned: Planned, declined: Assignment, quick: bool) -> tuple[float, float]:
    """Return the CPU seconds of planning again and the share of other assignments kept."""
    problem = planned.city.problem(
        (Forbid(need_id=declined.need_id, volunteer_id=declined.volunteer_id),)
    )
    plans: list[Plan] = []
    before = planned.plan.assignments
    [seconds] = cpu_seconds(lambda: plans.append(replan(problem, before, quick=quick)), times=1)
    pair = declined.need_id, declined.volunteer_id
    others = {_seat(a) for a in before if (a.need_id, a.volunteer_id) != pair}
    kept = others & {_seat(a) for a in plans[0].assignments}
    return seconds, len(kept) / len(others)


def _seat(a: Assignment) -> tuple[object, ...]:
    return a.need_id, a.volunteer_id, a.on, a.start_minutes


def test_every_process_writes_the_same_plan(
    scale: float, report: Report, pytestconfig: pytest.Config
) -> None:
    size = [str(round(number * scale)) for number in SIZES[0]]
    found = {_elsewhere(size, seed, pytestconfig.rootpath) for seed in HASH_SEEDS}
    here = solve(city(*map(int, size)).problem())
    report.add("The same plan everywhere", processes=len(HASH_SEEDS) + 1, plans=len(found))
    assert found == {fingerprint(here)}


def _elsewhere(size: list[str], seed: str, root: Path) -> str:
    command = [sys.executable, "-m", "tests.bench.hashing", *size]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)
    return ran.stdout.decode()
