"""A thin hold on HiGHS: one thread, quiet, and only the calls the planner needs."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from matching.engine.arrays import Floats

MIP_GAP = 1e-6
"""Relative distance from the best value at which a large search ends: far less than a seat."""

LARGE = 3_000
"""Columns from which a search is large; smaller ones go on until the best is proven."""
FEW_NODES = 100
"""Nodes up to which a search ends before it is worth making the programme smaller first."""
INFINITY = float("inf")
Entries = Sequence[tuple[int, float]]
"""Row or column number and coefficient."""


class SolverError(RuntimeError):
    """The solver is missing or could not do its work; plans at hand stay as they are."""


def _solver_library() -> Any:
    try:
        return import_module("highspy")
    except ImportError as error:
        raise SolverError(f"The solver cannot be loaded: {error}.") from error


class Rows:
    """Rows gathered before they are given to the solver, all of the form lower ≤ a·x ≤ upper."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.start: list[int] = []
        self.index: list[int] = []
        self.value: list[float] = []

    def add(self, entries: Entries, upper: float, lower: float = -INFINITY) -> None:
        """Take one row in."""
        self.start.append(len(self.index))
        self.lower.append(lower)
        self.upper.append(upper)
        self.index.extend(index for index, _ in entries)
        self.value.extend(value for _, value in entries)

    def __len__(self) -> int:
        return len(self.start)


class Solver:
    """One model that is maximised."""

    def __init__(self, seed: int) -> None:
        self._library = _solver_library()
        self._highs: Any = self._library.Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", seed % 2147483647),
        ):
            self._set(name, value)

    def _set(self, name: str, value: Any) -> None:
        self._highs.setOptionValue(name, value)

    def add_columns(self, worth: Floats, upper: Floats, entries: Sequence[Entries]) -> None:
        """Add columns between 0 and `upper` with their entries in rows that exist."""
        starts = np.cumsum([0, *(len(e) for e in entries)])[:-1].astype(np.int32)
        index = np.array([i for e in entries for i, _ in e], dtype=np.int32)
        value = np.array([v for e in entries for _, v in e], dtype=np.float64)
        zero = np.zeros(len(worth))
        self._highs.addCols(len(worth), -worth, zero, upper, len(index), starts, index, value)

    def add_rows(self, rows: Rows) -> None:
        """Add rows over columns that exist."""
        if len(rows):
            self._highs.addRows(
                len(rows),
                np.array(rows.lower),
                np.array(rows.upper),
                len(rows.index),
                np.array(rows.start, dtype=np.int32),
                np.array(rows.index, dtype=np.int32),
                np.array(rows.value, dtype=np.float64),
            )

    def solve_relaxation(self, seconds: float, primal: bool) -> bool:
        """Solve the linear programme from the last basis; tell whether it is optimal.

        `primal` suits new columns, its opposite new rows.
        """
        self._set("simplex_strategy", 4 if primal else 1)
        self._limit(seconds)
        status, known = self._run(), self._library.HighsModelStatus
        if status == known.kOptimal:
            return True
        if status not in (known.kTimeLimit, known.kModelEmpty):
            raise SolverError(f"The relaxation ended with {status}.")
        return False

    def solve_whole(self, whole: int, start: Floats, nodes: int, seconds: float) -> float | None:
        """Solve with the first `whole` columns whole, from a known solution.

        Returns the proven bound on the value, or None when no solution came back. The search
        ends after `nodes` nodes, a count, so that the answer is the same on every machine.
        """
        kind = np.full(whole, 1, dtype=np.uint8)
        self._highs.changeColsIntegrality(whole, np.arange(whole, dtype=np.int32), kind)
        self._set("mip_rel_gap", MIP_GAP if whole > LARGE else 0.0)
        self._set("mip_abs_gap", 1e-9)
        self._set("mip_max_nodes", nodes)
        self._set("presolve", "choose" if nodes > FEW_NODES else "off")
        self._limit(seconds)
        solution = self._library.HighsSolution()
        solution.col_value = start.tolist()
        self._highs.setSolution(solution)
        self._run()
        info = self._highs.getInfo()
        feasible = self._library.SolutionStatus.kSolutionStatusFeasible
        return -float(info.mip_dual_bound) if info.primal_solution_status == feasible else None

    def _run(self) -> Any:
        """Run and return the status of the model."""
        if self._highs.run() == self._library.HighsStatus.kError:
            raise SolverError(f"The solver failed: {self._highs.getModelStatus()}.")
        return self._highs.getModelStatus()

    def _limit(self, seconds: float) -> None:
        if seconds != float("inf"):
            self._set("time_limit", self._highs.getRunTime() + max(seconds, 0.0))

    @property
    def value(self) -> float:
        """The value of the last solution."""
        return -float(self._highs.getInfo().objective_function_value)

    def values(self) -> Floats:
        """Return the columns' values."""
        return np.array(self._highs.getSolution().col_value)

    def duals(self) -> Floats:
        """Return what one more unit of each row would bring (0 or more for upper limits)."""
        return -np.array(self._highs.getSolution().row_dual)
