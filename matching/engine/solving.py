"""From a problem to a plan with a proven bound."""

from collections.abc import Callable

from matching.engine.bound import NoPrices, upper_bound
from matching.engine.greedy import fill
from matching.engine.locked import locked_assignments
from matching.engine.objective import Parts, scale_for
from matching.engine.openings import open_visits
from matching.engine.plan import Plan
from matching.engine.problem import Problem
from matching.engine.reporting import write_down
from matching.engine.roster import Roster
from matching.engine.stopwatch import Stopwatch

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
    openings = open_visits(problem)
    return complete(Roster(problem, openings), seed=seed, deadline_seconds=deadline_seconds)


def complete(roster: Roster, *, seed: int = 1, deadline_seconds: float | None = None) -> Plan:
    """Return the best plan found that starts from what a roster already holds."""
    problem, openings = roster.problem, roster.openings
    watch = Stopwatch(deadline_seconds)
    fill(roster, openings)
    held = locked_assignments(problem)
    weight = {ask.input.need_id: ask.weight for ask in problem.asks}
    seats = upper_bound(openings, NoPrices(), 1, 0) + sum(weight[a.need_id] for a in held)
    score = upper_bound(openings, NoPrices(), 0, 1) + sum(a.score for a in held)
    total = sum(ask.input.headcount * ask.visits for ask in problem.asks)
    return write_down(
        roster,
        scale_for(problem, openings),
        Parts(seats, score, 0, total),
        method="greedy",
        seed=seed,
        truncated=watch.over,
    )
