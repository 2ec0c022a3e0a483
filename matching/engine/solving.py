"""From a problem to a plan with a proven bound: floor, prices, whole plan, last word."""

from collections.abc import Callable, Collection

from matching.engine.greedy import fill
from matching.engine.openings import open_visits
from matching.engine.plan import Plan
from matching.engine.problem import Problem
from matching.engine.roster import Roster
from matching.engine.running import Run
from matching.engine.stopwatch import Stopwatch
from matching.engine.tidying import tidy

Progress = Callable[[str, float], None]
"""Told the stage and the share done (0…1)."""


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    deadline_seconds: float | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Return the best plan found with a proven bound; never worse than the greedy floor.

    Without a deadline the answer depends on the problem and the seed only.
    """
    watch = Stopwatch(deadline_seconds)
    run = Run(Roster(problem, open_visits(problem)), seed, watch)
    complete(run, progress)
    return run.written()


def complete(run: Run, progress: Progress | None = None) -> None:
    """Make the best plan of what a run has before it."""
    told = progress or _silent
    told("floor", 0.1)
    fill(run.roster, run.roster.openings)
    told("prices", 0.2)
    run.price()
    told("plan", 0.6)
    run.improve()
    if not run.watch.over:
        tidy(run.roster)
    told("report", 0.95)


def mend(run: Run, only: Collection[str] | None = None) -> Plan:
    """Return a plan that fills a roster's empty seats and moves as few people as possible.

    With `only`, people are moved around these needs alone and nothing is priced.
    """
    fill(run.roster, run.roster.openings)
    if only is None:
        run.price()
    else:
        run.glance()
    run.repair(only)
    return run.written()


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""
