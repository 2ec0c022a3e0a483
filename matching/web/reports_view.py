"""What the statistics page draws: the city as tiles, months as lines, what is unmet as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from matching.evaluation.charts import (
    MonthCounts,
    by_month,
    open_by_area,
    open_by_area_and_category,
    volunteers_by_area,
)
from matching.evaluation.figures import SMALLEST_SHOWN
from matching.evaluation.hiding import hidden_cells
from matching.places.reference import AREAS
from matching.web import wording
from matching.web.drawing import HIDDEN, level, line, ticks, tiles
from matching.web.registers import gettext, place

MONTHS = 13
WIDTH, HEIGHT = 640, 180
CODES = [area.code for area in AREAS]


def city(session: Session, *, hide: bool) -> dict[str, Any]:
    """Return needs and volunteers by area, as tiles and as rows of a table."""
    needs, people = open_by_area(session), volunteers_by_area(session)
    counts = {(code, "needs"): needs.get(code, 0) for code in CODES}
    counts |= {(code, "people"): people.get(code, 0) for code in CODES}
    hidden = _each_column(counts) if hide else set()
    told = {cell: _told(count, cell in hidden) for cell, count in counts.items()}
    shown = {code: 0 if (code, "needs") in hidden else needs.get(code, 0) for code in CODES}
    lines = {
        code: (
            gettext("困りごと %(count)s", count=told[code, "needs"]),
            gettext("活動者 %(count)s", count=told[code, "people"]),
        )
        for code in CODES
    }
    return {
        "tiles": tiles(shown, lines),
        "rows": [
            {
                "label": place(area.name),
                "needs": told[area.code, "needs"],
                "people": told[area.code, "people"],
            }
            for area in AREAS
        ],
    }


def _each_column(counts: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """Needs and people have nothing to do with each other: each column is protected by itself."""
    hidden: set[tuple[str, str]] = set()
    for column in ("needs", "people"):
        part = {cell: count for cell, count in counts.items() if cell[1] == column}
        small = {cell for cell, count in part.items() if 0 < count < SMALLEST_SHOWN}
        others = [cell for cell, count in part.items() if count and cell not in small]
        if len(small) == 1 and others:
            small.add(min(others, key=lambda cell: (part[cell], cell)))
        hidden |= small
    return hidden


def unmet(session: Session, *, hide: bool) -> dict[str, Any] | None:
    """Return what waits for somebody now, by kind of help and area; None where nothing does."""
    counts = open_by_area_and_category(session)
    kinds = sorted({kind for _area, kind in counts}, key=lambda kind: -_sum(counts, kind))
    if not kinds:
        return None
    hidden = hidden_cells(counts, CODES, kinds) if hide else set()
    most = max((count for cell, count in counts.items() if cell not in hidden), default=0)
    return {
        "columns": [place(area.name) for area in AREAS],
        "rows": [
            {
                "label": wording.category(kind),
                "cells": [
                    {
                        "told": _told(counts.get((code, kind), 0), (code, kind) in hidden),
                        "level": 0
                        if (code, kind) in hidden
                        else level(counts.get((code, kind), 0), most),
                    }
                    for code in CODES
                ],
            }
            for kind in kinds
        ],
    }


def _sum(counts: Mapping[tuple[str, str], int], kind: str) -> int:
    return sum(count for (_area, each), count in counts.items() if each == kind)


def _told(count: int, hidden: bool) -> str:
    return HIDDEN if hidden else str(count)


def trend(session: Session, today: date, *, hide: bool) -> dict[str, Any]:
    """Return the last months as two lines and as rows of a table."""
    months = by_month(session, MONTHS, today)
    received = [_shown(month.received, hide) for month in months]
    met = [_shown(month.met, hide) for month in months]
    most = max([*(value or 0 for value in received), 1])
    marks = ticks(most)
    step = WIDTH / (MONTHS - 1)
    drawn = [line(values, marks[-1], WIDTH, HEIGHT) for values in (received, met)]
    ends = _apart(drawn[0].end[1], drawn[1].end[1])
    return {
        "lines": [
            {"label": label, "line": each, "kind": kind, "label_y": y}
            for label, each, kind, y in zip(
                (_("受け付け"), _("決まった")), drawn, ("first", "second"), ends, strict=True
            )
        ],
        "marks": [
            {"y": round(HEIGHT - HEIGHT * mark / marks[-1], 1), "label": mark} for mark in marks
        ],
        "months": [
            {"x": round(number * step, 1), "label": month.month.month}
            for number, month in enumerate(months)
        ],
        "rows": _rows(months, received, met),
    }


def _shown(count: int, hide: bool) -> int | None:
    return None if hide and 0 < count < SMALLEST_SHOWN else count


def _apart(first: float, second: float) -> tuple[float, float]:
    """Keep the labels at the ends of two lines from lying on each other."""
    if abs(first - second) >= 18:
        return first + 5, second + 5
    middle = (first + second) / 2
    return (middle - 5, middle + 15) if first <= second else (middle + 15, middle - 5)


def _rows(
    months: Sequence[MonthCounts], received: Sequence[int | None], met: Sequence[int | None]
) -> list[dict[str, str]]:
    return [
        {
            "label": f"{month.month:%Y-%m}",
            "received": HIDDEN if came is None else str(came),
            "met": HIDDEN if done is None else str(done),
        }
        for month, came, done in zip(months, received, met, strict=True)
    ]
