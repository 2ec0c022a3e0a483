"""The last word among equally good plans: even load first, then the same person in a series."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from matching.engine.columns import Column, Maker
from matching.engine.core import Core
from matching.engine.master import POINTS
from matching.engine.roster import Roster
from matching.engine.separation import Separator
from matching.engine.solver import Rows, Solver, SolverError
from matching.engine.window import lift, present_columns, put_down

NODES = 200


def settle_ties(
    roster: Roster,
    columns: Sequence[Column],
    separator: Separator,
    maker: Maker,
    *,
    seed: int,
    seconds: float,
) -> bool:
    """Choose again among all plans of the same value; tell whether the choice is proven best.

    `columns` must hold every choice that any of them may contain.
    """
    before = lift(roster, roster.openings)
    present = dict(present_columns(roster, maker, before))
    core = Core(roster, sorted({**present, **{c.key: c for c in columns}}.values()), separator)
    ties = _Ties(roster, core, sum(column.value for column in present.values()))
    try:
        solver = core.programme(ties.worth, seed)
        ties.add_to(solver)
        start = np.concatenate([core.values(present.keys()), np.zeros(ties.extra)])
        bound = solver.solve_whole(core.width, start, NODES, seconds)
    except SolverError:
        put_down(roster, before)
        raise
    if bound is None:
        put_down(roster, before)
        return False
    value = solver.value
    put_down(roster, core.read(solver.values()))
    return bound - value < 1 / 2


class _Ties:
    """Load and series as columns and rows beside those of a core."""

    def __init__(self, roster: Roster, core: Core, value: int) -> None:
        self.core = core
        self.weight = float(sum(opening.seats for opening in roster.openings) + 1)
        self.worth = [0.0] * len(core.columns)
        self.rows = Rows()
        self._costs: list[float] = []
        same = [(n, column.value / POINTS) for n, column in enumerate(core.columns)]
        self.rows.add(same, float("inf"), (value - 1 / 2) / POINTS)
        for volunteer, numbers in core.by_volunteer.items():
            self._even_load(int(roster.load[volunteer]), numbers)
            self._series(roster, volunteer, numbers)

    @property
    def extra(self) -> int:
        """How many columns are added."""
        return len(self._costs)

    def add_to(self, solver: Solver) -> None:
        """Add the columns and rows."""
        costs = np.array(self._costs)
        solver.add_columns(-costs, np.ones(len(costs)), [()] * len(costs))
        solver.add_rows(self.rows)

    def _new(self, cost: float) -> int:
        self._costs.append(cost)
        return self.core.width + len(self._costs) - 1

    def _even_load(self, before: int, numbers: Sequence[int]) -> None:
        """The k-th visit of a person costs as much as there are visits before it."""
        most = len({self.core.columns[n].opening for n in numbers})
        steps = [(self._new((before + k) * self.weight), -1.0) for k in range(most)]
        self.rows.add([*((n, 1.0) for n in numbers), *steps], 0.0, 0.0)

    def _series(self, roster: Roster, volunteer: int, numbers: Sequence[int]) -> None:
        """Each visit to the same need after the first counts one."""
        by_need: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for n in numbers:
            opening = roster.openings[self.core.columns[n].opening]
            by_need[opening.ask.index][opening.index].append(n)
        for need, visits in by_need.items():
            for n in (n for group in visits.values() for n in group):
                self.worth[n] += 1.0
            held = (volunteer in people for people in roster.problem.asks[need].locked)
            if not any(held):
                first = self._new(1.0)
                for group in visits.values():
                    self.rows.add([*((n, 1.0) for n in group), (first, -1.0)], 0.0)
