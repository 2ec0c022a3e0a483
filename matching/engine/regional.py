"""Planning one region, and joining the plans of all regions into one with a proven bound."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.engine.greedy import fill
from matching.engine.objective import Most
from matching.engine.openings import among, open_visits
from matching.engine.plan import Assignment, Plan
from matching.engine.problem import Problem
from matching.engine.regions import Region
from matching.engine.replanning import keep
from matching.engine.reporting import assignments_of
from matching.engine.roster import Roster
from matching.engine.running import Run
from matching.engine.solving import complete
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
    complete(mine)
    everybody = Run(Roster(problem, visits), seed, watch)
    everybody.price()
    seated = [a for opening in visits for a in assignments_of(mine.roster, opening)]
    return RegionPlan(region.number, tuple(seated), everybody.most(), watch.over)


def join(problem: Problem, parts: Iterable[RegionPlan], *, seed: int = 1) -> Plan:
    """Return one plan of all regions; seats still empty are filled across the borders.

    The bound adds up what each region could reach at most, and holds for the whole.
    """
    found = sorted(parts, key=lambda part: part.number)
    run = Run(Roster(problem, open_visits(problem)), seed, Stopwatch(None))
    keep(run.roster, [a for part in found for a in part.assignments])
    fill(run.roster, run.roster.openings)
    run.method = "regions"
    most = sum((part.most for part in found), Most(0, 0, 0))
    return run.written(any(part.truncated for part in found), most)
