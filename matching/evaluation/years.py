"""A fiscal year and the shape of a table about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from matching.kernel import clock
from matching.places.calendar import end_of_fiscal_year, start_of_fiscal_year

Row = tuple[str | int | float, ...]


@dataclass(frozen=True)
class Table:
    """One statistic: `definition` says what is counted, `rows` have as many cells as `columns`."""

    code: str
    title: str
    definition: str
    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class Year:
    """A fiscal year as instants and days."""

    number: int
    first_on: date
    last_on: date
    start: datetime
    end: datetime


def year_of(number: int) -> Year:
    """Return a fiscal year, April to March."""
    first, last = start_of_fiscal_year(number), end_of_fiscal_year(number)
    return Year(number, first, last, clock.instant(first, 0), clock.instant(last, 24 * 60))
