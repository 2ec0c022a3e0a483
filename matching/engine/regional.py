"""Planning one region, and joining the plans of all regions into one with a proven bound."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.engine.greedy import fill
from matching.engine.openings import among, open_visits
from matching.engine.plan import Assignment, Plan
from matching.engine.problem import Problem
from matching.engine.regions import Region
from matching.engine.replanning import keep
from matching.engine.roster import Roster
from matching.engine.solving import Most, Run, improve
from matching.engine.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """What one region found; `most` bounds what its needs can get from everybody."""

    number: int
    assignments: tuple[Assignment, ...]
    most: Most
    truncated: bool


def solve_region(
    problem: Problem, region: Region, *, seed: int = 1, deadline_seconds: float | None = None
) -> RegionPlan:
    """Plan the needs of a region with its own people; bound them with all who could come."""
    watch = Stopwatch(deadline_seconds)
    asks = [problem.asks[problem.need_index[need_id]] for need_id in region.need_ids]
    visits = open_visits(problem, asks)
    own = np.zeros(len(problem.volunteers), dtype=bool)
    own[[problem.volunteer_index[volunteer_id] for volunteer_id in region.volunteer_ids]] = True
    mine = Run(Roster(problem, among(visits, own)), seed, watch)
    fill(mine.roster, mine.roster.openings)
    everybody = Run(Roster(problem, visits), seed, watch)
    everybody.price()
    improve(mine)
    return RegionPlan(region.number, mine.seated(), everybody.most(), watch.over)


def join(problem: Problem, parts: Iterable[RegionPlan], *, seed: int = 1) -> Plan:
    """Return one plan of all regions; seats still empty are filled across the borders.

    The bound adds up what each region could reach at most, and holds for the whole.
    """
    found = sorted(parts, key=lambda part: part.number)
    roster = Roster(problem, open_visits(problem))
    keep(roster, [a for part in found for a in part.assignments])
    fill(roster, roster.openings)
    run = Run(roster, seed, Stopwatch(None))
    run.trust(sum((part.most for part in found), Most(0, 0, 0)))
    run.method = "regions"
    return run.written(truncated=any(part.truncated for part in found))
