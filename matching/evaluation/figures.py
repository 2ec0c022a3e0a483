"""Counts for reports: needs received, met and still open, by area and by kind of help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matching.kernel import clock
from matching.needs.models import Need
from matching.needs.rules import OPEN
from matching.places.calendar import end_of_fiscal_year, start_of_fiscal_year

SMALLEST_SHOWN = 5
MET = ("matched", "in_progress", "completed", "closed")


class Counts(NamedTuple):
    """Needs received in a year, those of them that were met, and those still open."""

    received: int
    met: int
    open: int


NOTHING = Counts(0, 0, 0)


def needs_by_area(session: Session, fiscal_year: int) -> dict[str, Counts]:
    """Count needs of a fiscal year by area code."""
    return _counted(session, Need.area_code, fiscal_year)


def needs_by_category(session: Session, fiscal_year: int) -> dict[str, Counts]:
    """Count needs of a fiscal year by category code, the most asked for first."""
    found = _counted(session, Need.category_code, fiscal_year)
    return dict(sorted(found.items(), key=lambda item: (-item[1].received, item[0])))


def _counted(
    session: Session, column: InstrumentedAttribute[Any], fiscal_year: int
) -> dict[str, Counts]:
    start = clock.instant(start_of_fiscal_year(fiscal_year), 0)
    end = clock.instant(end_of_fiscal_year(fiscal_year), 24 * 60)
    rows = session.execute(
        select(column, func.count(), _of(Need.state.in_(MET)), _of(Need.state.in_(OPEN)))
        .where(Need.received_at >= start, Need.received_at < end)
        .group_by(column)
    )
    return {code: Counts(*counts) for code, *counts in rows if code is not None}


def _of(condition: ColumnElement[bool]) -> Any:
    return func.count().filter(condition)


def told(rows: Sequence[tuple[str, Counts]], *, hide: bool) -> list[dict[str, str]]:
    """Return rows to read; with `hide`, a dash stands where a number is not told."""
    return [
        {"label": label} | {name: "―" if count is None else str(count) for name, count in counts}
        for label, counts in _open_counts(rows, hide=hide)
    ]


def counted(rows: Sequence[tuple[str, Counts]], *, hide: bool) -> list[dict[str, str | int | None]]:
    """Return rows for a program: numbers, and None where one is not told."""
    return [{"label": label, **dict(counts)} for label, counts in _open_counts(rows, hide=hide)]


def _open_counts(
    rows: Sequence[tuple[str, Counts]], *, hide: bool
) -> list[tuple[str, list[tuple[str, int | None]]]]:
    """Leave out, with `hide`, what could point at one person.

    A number from 1 to 4 is hidden, and the smallest other of its column with it, so that the
    column's sum does not give it away (BR-35).
    """
    hidden = {
        name: _hidden([getattr(counts, name) for _, counts in rows])
        if hide
        else [False] * len(rows)
        for name in Counts._fields
    }
    return [
        (label, [(name, None if hidden[name][place] else getattr(counts, name)) for name in hidden])
        for place, (label, counts) in enumerate(rows)
    ]


def _hidden(values: list[int]) -> list[bool]:
    hidden = [0 < value < SMALLEST_SHOWN for value in values]
    if sum(hidden) == 1:
        others = [place for place, value in enumerate(values) if value and not hidden[place]]
        if others:
            hidden[min(others, key=lambda place: (values[place], place))] = True
    return hidden
