"""The linear programme over the columns met so far, solved again as columns and limits come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from matching.engine.arrays import Floats
from matching.engine.columns import Column, Pool
from matching.engine.limits import Limit
from matching.engine.pricing import single
from matching.engine.solver import Entries, Rows, Solver

POINTS = 1000.0
"""Points of value in one unit of the solver, to keep its numbers small."""


class Master:
    """One row per visit, one per chosen option of visits for several people, and limits."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool = pool
        self._solver = Solver(seed)
        self._at: list[int] = []  # solver column of each pool column
        self._columns = 0
        self._grown = False
        self._limits: list[tuple[Limit, int]] = []
        self._limits_of: dict[int, list[tuple[Limit, int]]] = defaultdict(list)
        self._columns_of: dict[int, list[int]] = defaultdict(list)
        self._known: set[Limit] = set()
        self._option_rows: dict[tuple[int, int], tuple[int, int, int]] = {}
        rows = Rows()
        for opening in pool.openings:
            rows.add((), opening.seats if single(opening) else 1)
        self._solver.add_rows(rows)
        self._rows = len(rows)

    def add_columns(self, columns: Sequence[Column]) -> None:
        """Take in columns that the pool has just met, in the pool's order."""
        if not columns:
            return
        self._grown = True
        self._open_options(columns)
        entries = [self._entries(column) for column in columns]
        first = len(self._at)
        for number, column in enumerate(columns):
            self._at.append(self._columns + number)
            self._columns_of[column.volunteer].append(first + number)
        worth = np.array([column.value / POINTS for column in columns])
        self._solver.add_columns(worth, np.ones(len(columns)), entries)
        self._columns += len(columns)
        self._tie_to_options(columns, first)

    def _open_options(self, columns: Sequence[Column]) -> None:
        """Give each option of a shared choice its own 0…1 column, row of seats and minimum."""
        openings = self.pool.openings
        new = dict.fromkeys(
            (c.opening, c.option) for c in columns if not single(openings[c.opening])
        )
        for key in (key for key in new if key not in self._option_rows):
            opening = openings[key[0]]
            self._solver.add_columns(np.zeros(1), np.ones(1), [[(key[0], 1.0)]])
            rows = Rows()
            rows.add([(self._columns, -float(opening.seats))], 0.0)
            rows.add([(self._columns, float(opening.minimum))], 0.0)
            self._solver.add_rows(rows)
            self._option_rows[key] = self._columns, self._rows, self._rows + 1
            self._columns += 1
            self._rows += 2

    def _entries(self, column: Column) -> Entries:
        shared = self._option_rows.get((column.opening, column.option))
        entries: list[tuple[int, float]] = (
            [(column.opening, 1.0)] if shared is None else [(shared[1], 1.0), (shared[2], -1.0)]
        )
        for limit, row in self._limits_of.get(column.volunteer, ()):
            use = limit.use(column)
            if use:
                entries.append((row, float(use)))
        return entries

    def _tie_to_options(self, columns: Sequence[Column], first: int) -> None:
        rows = Rows()
        for number, column in enumerate(columns):
            shared = self._option_rows.get((column.opening, column.option))
            if shared is not None:
                rows.add([(self._at[first + number], 1.0), (shared[0], -1.0)], 0.0)
        self._solver.add_rows(rows)
        self._rows += len(rows)

    def add_limits(self, limits: Iterable[Limit]) -> int:
        """Take in limits; return how many were new."""
        rows = Rows()
        for limit in limits:
            if limit in self._known:
                continue
            self._known.add(limit)
            row = self._rows + len(rows)
            mine = self._columns_of[limit.volunteer]
            uses = ((self._at[n], float(limit.use(self.pool.columns[n]))) for n in mine)
            rows.add([(at, use) for at, use in uses if use], limit.most)
            self._limits.append((limit, row))
            self._limits_of[limit.volunteer].append((limit, row))
        self._solver.add_rows(rows)
        self._rows += len(rows)
        return len(rows)

    def solve(self, seconds: float) -> bool:
        """Solve; tell whether the solver came to the end."""
        primal, self._grown = self._grown, False
        return self._solver.solve_relaxation(seconds, primal)

    @property
    def value(self) -> float:
        """The value of the relaxation in points."""
        return self._solver.value * POINTS

    def parts(self) -> list[tuple[Column, float]]:
        """Return the columns that are used, and how far."""
        x: Floats = self._solver.values()
        pairs = zip(self.pool.columns, self._at, strict=True)
        return [(column, float(x[at])) for column, at in pairs if x[at] > 1e-7]

    def duals(self) -> tuple[Floats, list[tuple[Limit, float]]]:
        """Return the dual of each visit and of each limit, in points."""
        rows = self._solver.duals() * POINTS
        limits = [(limit, float(rows[row])) for limit, row in self._limits]
        return rows[: len(self.pool.openings)], limits
