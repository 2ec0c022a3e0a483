"""Planning one region, and joining the plans of all regions into one with a proven bound."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from matching.engine.greedy import fill
from matching.engine.objective import Most
from matching.engine.openings import Opening, among, open_visits
from matching.engine.plan import Assignment, Plan
from matching.engine.problem import Problem
from matching.engine.regions import Region
from matching.engine.replanning import keep
from matching.engine.reporting import assignments_of, pairs_of
from matching.engine.roster import Roster
from matching.engine.running import Run
from matching.engine.solving import complete
from matching.engine.stopwatch import Stopwatch

PLAN_SHARE = 0.6
"""Share of a deadline that the plan may take; the rest is left for the bound."""


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """What one region found; `most` bounds what its needs can get from everybody."""

    number: int
    assignments: tuple[Assignment, ...]
    most: Most
    truncated: bool
    pairs: int
    """(visit, volunteer) that pass every gate."""


def solve_region(
    problem: Problem, region: Region, *, seed: int = 1, deadline_seconds: float | None = None
) -> RegionPlan:
    """Plan the needs of a region with its own people; bound them with all who could come."""
    watch = Stopwatch(deadline_seconds)
    sooner = None if deadline_seconds is None else deadline_seconds * PLAN_SHARE
    asks = [problem.asks[problem.need_index[need_id]] for need_id in region.need_ids]
    visits = open_visits(problem, asks)
    own = np.zeros(len(problem.volunteers), dtype=bool)
    own[[problem.volunteer_index[volunteer_id] for volunteer_id in region.volunteer_ids]] = True
    mine = Run(Roster(problem, among(visits, own)), seed, Stopwatch(sooner))
    complete(mine)
    seated = [a for opening in visits for a in assignments_of(mine.roster, opening)]
    everybody = Run(Roster(problem, visits), seed, watch)
    keep(everybody.roster, seated)  # prices are found sooner around a plan
    everybody.price()
    return RegionPlan(
        number=region.number,
        assignments=tuple(seated),
        most=everybody.most(),
        truncated=watch.over or mine.watch.over,
        pairs=pairs_of(everybody.roster),
    )


def join(problem: Problem, parts: Iterable[RegionPlan], *, seed: int = 1) -> Plan:
    """Return one plan of all regions; seats still empty are filled across the borders.

    The bound adds up what each region could reach at most, and holds for the whole. Of visits
    that are full only the people on them are kept in memory.
    """
    found = sorted(parts, key=lambda part: part.number)
    seated = [a for part in found for a in part.assignments]
    run = Run(Roster(problem, _filled_visits(problem, seated)), seed, Stopwatch(None))
    keep(run.roster, seated)
    _open_the_rest(run.roster)
    fill(run.roster, run.roster.openings)
    run.method = "regions"
    most = sum((part.most for part in found), Most(0, 0, 0))
    pairs = sum(part.pairs for part in found)
    return run.written(any(part.truncated for part in found), most, pairs)


def _filled_visits(problem: Problem, seated: Iterable[Assignment]) -> list[Opening]:
    """Return all visits with those alone who sit on them: everybody else would fill the memory."""
    people: dict[str, set[int]] = defaultdict(set)
    for each in seated:
        people[each.need_id].add(problem.volunteer_index[each.volunteer_id])
    found: list[Opening] = []
    for ask in problem.asks:
        mine = np.array(sorted(people[ask.input.need_id]), dtype=np.int64)
        for opening in open_visits(problem, [ask], mine):
            found.append(opening.numbered(len(found)))
    return found


def _open_the_rest(roster: Roster) -> None:
    """Look at everybody for the visits that still have seats."""
    openings = roster.openings
    short = [o.index for o in openings if len(roster.seated[o.index]) < o.seats]
    for index, numbers in groupby(short, key=lambda number: openings[number].ask.index):
        visits = open_visits(roster.problem, [roster.problem.asks[index]])
        for number in numbers:
            openings[number] = visits[openings[number].visit].numbered(number)
