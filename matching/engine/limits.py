"""Limits of one volunteer as rows of the linear programme; each holds for every plan.

A limit says how much of it a column uses up (`use`) and how much there is (`most`).
"""

from typing import NamedTuple

from matching.engine.columns import Column


class Hours(NamedTuple):
    """Minutes in a month, counted in whole units of `unit` minutes (both sides rounded down)."""

    volunteer: int
    month: int
    unit: int
    most: int

    def use(self, column: Column) -> int:
        """Return the whole units a visit takes."""
        return (column.end - column.start) // self.unit if column.month == self.month else 0


class Week(NamedTuple):
    """Visits in a calendar week."""

    volunteer: int
    week: int
    most: int

    def use(self, column: Column) -> int:
        """Return 1 for a visit of that week."""
        return int(column.week == self.week)


class Moment(NamedTuple):
    """One visit at a time: nobody is in two visits, shortest way included, at one minute."""

    volunteer: int
    minute: int
    gap: int
    most: int = 1

    def use(self, column: Column) -> int:
        """Return 1 for a visit that is going on, or has just ended, at that minute."""
        return int(column.start <= self.minute < column.end + self.gap)


class Apart(NamedTuple):
    """Two visits too far from each other: of these starts, one at most."""

    volunteer: int
    one: int
    one_from: int
    one_to: int
    other: int
    other_from: int
    other_to: int
    most: int = 1

    def use(self, column: Column) -> int:
        """Return 1 for a start inside one of the two spans."""
        if column.opening == self.one:
            return int(self.one_from <= column.start <= self.one_to)
        inside = self.other_from <= column.start <= self.other_to
        return int(column.opening == self.other and inside)


Limit = Hours | Week | Moment | Apart
