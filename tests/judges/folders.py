"""Reads a folder of sheets, and the answer of `musubi engine solve`, without the importer."""

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from .instance import Ask, Engagement, Instance, Person, Seat

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Row = dict[str, str]
Number = TypeVar("Number", int, float)


def instance_in(folder: Path) -> Instance:
    """Return the question that clean sheets in canonical names state."""
    asked = rows(folder / "needs.csv")
    return Instance(
        today=_today(folder / "options.json", asked),
        horizon=_options(folder / "options.json").get("horizon_days", 28),
        people=tuple(_person(row) for row in rows(folder / "volunteers.csv")),
        asks=tuple(
            _ask(row)
            for row in asked
            if row.get("start_date") and row.get("status", "") in ("", "open", "partly_filled")
        ),
        engagements=tuple(_engagement(row) for row in rows(folder / "bookings.csv")),
        blocked=tuple((r["need_id"], r["volunteer_id"]) for r in rows(folder / "blocks.csv")),
    )


def seats_in(answer: Path) -> list[Seat]:
    """Return the seats that an answer gives."""
    return [
        Seat(
            ask=row["need_id"],
            visit=row["visit"],
            person=row["volunteer_id"],
            day=date.fromisoformat(row["date"]).toordinal(),
            start=clock(row["start"]),
            end=clock(row["end"]),
        )
        for row in json.loads(answer.read_text(encoding="utf-8"))["assignments"]
    ]


def rows(path: Path) -> list[Row]:
    """Return the rows of a sheet; none where there is no sheet."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _options(path: Path) -> dict[str, int]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _today(path: Path, asked: list[Row]) -> int:
    given = _options(path).get("today")
    if given is not None:
        return date.fromisoformat(str(given)).toordinal()
    received = [row["received_at"][:10] for row in asked if row.get("received_at")]
    if not received:
        return min(date.fromisoformat(row["start_date"]).toordinal() for row in asked)
    return (date.fromisoformat(max(received)) + timedelta(days=1)).toordinal()


def _person(row: Row) -> Person:
    return Person(
        id=row["volunteer_id"],
        status=row.get("status") or "active",
        lat=_given(row, "lat", float),
        lon=_given(row, "lon", float),
        gender=row.get("gender") or None,
        wants=_list(row, "categories"),
        skills=_list(row, "skills"),
        free=tuple(_weekly(slot) for slot in _list(row, "availability")),
        transport=row.get("transport") or None,
        reach_km=_given(row, "max_distance_km", float),
        month_hours=_given(row, "max_hours_per_month", float),
        notice=_given(row, "notice_days", int) or 0,
        insured_until=_given(row, "insured_until", _ordinal),
    )


def _ask(row: Row) -> Ask:
    return Ask(
        id=row["need_id"],
        category=row["category"],
        lat=_given(row, "lat", float),
        lon=_given(row, "lon", float),
        skills=_list(row, "required_skills"),
        most=_given(row, "headcount", int) or 1,
        least=_given(row, "min_headcount", int) or 1,
        first=_given(row, "start_date", _ordinal),
        last=_given(row, "end_date", _ordinal),
        weekdays=tuple(WEEKDAYS.index(name) for name in _list(row, "weekdays")),
        opens=_given(row, "time_from", clock),
        closes=_given(row, "time_to", clock),
        length=_given(row, "duration_minutes", int),
        recurrence=row.get("recurrence") or "once",
        urgency=row.get("urgency") or "normal",
        gender=row.get("gender_preference") or None,
        car=row.get("car_needed") == "1",
    )


def _engagement(row: Row) -> Engagement:
    return Engagement(
        person=row["volunteer_id"],
        day=_ordinal(row["date"]),
        start=clock(row["start"]),
        end=clock(row["end"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
    )


def _list(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (row.get(column) or "").split(";") if part.strip())


def _weekly(slot: str) -> tuple[int, int, int]:
    weekday, times = slot.split(" ")
    opens, closes = times.split("-")
    return WEEKDAYS.index(weekday), clock(opens), clock(closes)


def clock(text: str) -> int:
    """Return the minutes past midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _ordinal(text: str) -> int:
    return date.fromisoformat(text[:10]).toordinal()


def _given(row: Row, column: str, read: Callable[[str], Number]) -> Number | None:
    text = row.get(column) or ""
    return read(text) if text else None
