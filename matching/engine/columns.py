"""Columns of the linear programme: one person on one option of one visit."""

from collections.abc import Sequence
from typing import NamedTuple

from matching.engine.openings import Opening
from matching.engine.problem import Problem

Key = tuple[int, int, int]
"""Opening, option, row of the opening."""


class Column(NamedTuple):
    """A choice that a plan may contain; times are absolute minutes."""

    opening: int
    option: int
    row: int
    volunteer: int
    start: int
    end: int
    month: int
    week: int
    value: int

    @property
    def key(self) -> Key:
        """What makes the column the same as another."""
        return self.opening, self.option, self.row


class Maker:
    """Makes columns of the visits of one problem."""

    def __init__(self, problem: Problem, seat_value: int) -> None:
        self._month_of, self._week_of = problem.month_of, problem.week_of
        self._seat_value = seat_value

    def make(self, opening: Opening, option: int, row: int) -> Column:
        """Return the column of one person on one option."""
        day = int(opening.day[option])
        return Column(
            opening=opening.index,
            option=option,
            row=row,
            volunteer=int(opening.who[row]),
            start=int(opening.start[option]),
            end=int(opening.end[option]),
            month=int(self._month_of[day]),
            week=int(self._week_of[day]),
            value=opening.weight * self._seat_value + int(opening.scores[row]),
        )


class Pool:
    """The columns met so far, each once, in the order in which they were found."""

    def __init__(self, maker: Maker, openings: Sequence[Opening]) -> None:
        self.openings = openings
        self.columns: list[Column] = []
        self._maker = maker
        self._known: set[Key] = set()

    def __len__(self) -> int:
        return len(self.columns)

    def add(self, opening: Opening, option: int, row: int) -> Column | None:
        """Take a column in; return None when it was there already."""
        key = opening.index, option, row
        if key in self._known:
            return None
        self._known.add(key)
        column = self._maker.make(opening, option, row)
        self.columns.append(column)
        return column
