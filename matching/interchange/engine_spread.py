"""Planning and ranking a problem of any size: a large one in regions, over two processes."""

import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat

from matching.engine import (
    NeedCandidates,
    Plan,
    Problem,
    Region,
    RegionPlan,
    join,
    rank,
    solve,
    solve_region,
    split,
)
from matching.engine.stopwatch import Stopwatch

PROCESSES = 2
VISITS = 8_000
"""Visits up to which a folder is planned in one piece, and those of one region above."""

Ranked = Mapping[str, NeedCandidates]
"""What was found for each need."""

_SHARED: list[Problem] = []
"""The problem, seen by the processes that are started while it is here."""


def plan_and_rank(
    problem: Problem, seed: int, watch: Stopwatch, visits: int = VISITS
) -> tuple[Plan, Ranked]:
    """Return the plan and the candidates of every need; above so many visits in regions."""
    if sum(ask.visits for ask in problem.asks) <= visits:
        return solve(problem, seed=seed, deadline_seconds=watch.left()), rank(problem)
    regions = split(problem, visits)
    seconds = max(watch.left(), 0.0) / -(-len(regions) // PROCESSES)
    with _executor(problem) as executor:
        planned = executor.map(_planned, regions, repeat(seed), repeat(seconds))
        ranked = executor.map(_ranked, regions)
        plan = join(problem, planned, seed=seed)
        found = {need_id: mine for part in ranked for need_id, mine in part.items()}
    return plan, {need_id: found[need_id] for need_id in problem.need_index}


@contextmanager
def _executor(problem: Problem) -> Iterator[Executor]:
    """Give processes that know the problem, or a thread where a process cannot be forked."""
    _SHARED.append(problem)
    try:
        with _processes() as executor:
            yield executor
    finally:
        _SHARED.clear()


def _processes() -> Executor:
    if "fork" in multiprocessing.get_all_start_methods():
        return ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork"))
    return ThreadPoolExecutor(1)


def _planned(region: Region, seed: int, seconds: float) -> RegionPlan:
    return solve_region(_SHARED[0], region, seed=seed, deadline_seconds=seconds)


def _ranked(region: Region) -> Ranked:
    return rank(_SHARED[0], region.need_ids)
