"""Canonical text of sheets to the values of columns and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from matching.cells.numbers import shortest
from matching.cells.weekdays import DAYS
from matching.kernel import clock

Record = Mapping[str, str]
Field = tuple[str, Callable[[str], Any], Callable[[Any], str]]
"""Name of the table's column, text to value, value to text."""


def instant(text: str) -> datetime:
    """A local moment, or the beginning of a local day, as an instant."""
    return clock.instant(date.fromisoformat(text[:10]), minutes(text[11:]) if text[10:] else 0)


def local_moment(value: datetime) -> str:
    """An instant as a local moment; midnight is shown as the day alone."""
    return clock.local(value).strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")


def minutes(text: str) -> int:
    """Minutes past midnight of HH:MM."""
    return int(text[:2]) * 60 + int(text[3:5])


def hhmm(value: int) -> str:
    """HH:MM of minutes past midnight."""
    return f"{value // 60:02d}:{value % 60:02d}"


def _number(value: float) -> str:
    return shortest(Decimal(str(value)))


def _flag(text: str) -> bool:
    return text == "1"


def _weekdays(text: str) -> list[int]:
    return [DAYS.index(day) for day in text.split(";")]


def _weekdays_text(value: list[int]) -> str:
    return ";".join(DAYS[day] for day in sorted(value))


def _preference(text: str) -> str | None:
    return None if text == "any" else text


def as_text(column: str) -> Field:
    """A column of text or codes."""
    return column, str, str


def as_day(column: str) -> Field:
    """A column of dates."""
    return column, date.fromisoformat, date.isoformat


def as_integer(column: str) -> Field:
    """A column of whole numbers."""
    return column, int, str


def as_float(column: str) -> Field:
    """A column of numbers with a fraction."""
    return column, float, _number


def as_moment(column: str) -> Field:
    """A column of instants."""
    return column, instant, local_moment


def as_clock(column: str) -> Field:
    """A column of minutes past midnight."""
    return column, minutes, hhmm


def as_flag(column: str) -> Field:
    """A column of yes and no."""
    return column, _flag, lambda value: "1" if value else "0"


def as_weekdays(column: str) -> Field:
    """A column with a list of weekdays, 0 for Monday."""
    return column, _weekdays, _weekdays_text


def as_preference(column: str) -> Field:
    """A column that is empty where any gender is welcome."""
    return column, _preference, str


def values_of(record: Record, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The values that a record tells; an empty cell tells nothing."""
    return {
        column: read(record[name]) for name, (column, read, _) in fields.items() if record.get(name)
    }


def record_of(row: object, fields: Mapping[str, Field]) -> dict[str, str]:
    """The record that a row reads as."""
    return {
        name: "" if (value := getattr(row, column)) is None else write(value)
        for name, (column, _, write) in fields.items()
    }


def aware(value: datetime) -> datetime:
    """An instant of the database in UTC."""
    return value.astimezone(UTC)
