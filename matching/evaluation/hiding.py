"""Hiding small numbers in tables that are read both ways (BR-35)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matching.evaluation.figures import SMALLEST_SHOWN

Cell = tuple[str, str]


def hidden_cells(
    counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]
) -> set[Cell]:
    """Return the cells that must not be told: small ones, and those that would give them away.

    Sums of rows and columns stand elsewhere, so a row or column never hides exactly one cell.
    """
    hidden = {cell for cell, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    lines = [[(row, column) for column in columns] for row in rows]
    lines += [[(row, column) for row in rows] for column in columns]
    while lonely := [line for line in lines if sum(cell in hidden for cell in line) == 1]:
        more = {_next(line, counts, hidden) for line in lonely} - {None}
        if not more:
            break
        hidden |= {cell for cell in more if cell is not None}
    return hidden


def _next(line: Sequence[Cell], counts: Mapping[Cell, int], hidden: set[Cell]) -> Cell | None:
    """The smallest cell of a line that is told and not empty."""
    told = [cell for cell in line if counts.get(cell, 0) and cell not in hidden]
    return min(told, key=lambda cell: (counts[cell], cell), default=None)
