"""From records in schema names to the planner's plain values."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from matching.cells.dates import FIRST_YEAR, LAST_YEAR
from matching.engine import (
    STANDARD,
    Free,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
    Weights,
    weights_from,
)

Record = Mapping[str, str]

WEEKDAYS = {name: n for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}
WAITING = frozenset({"", "open", "partly_filled"})
SETTINGS = frozenset({"today", "weights", "horizon_days"})
LONGEST_HORIZON_DAYS = 366
LARGEST_WEIGHT = 1_000_000
DAY_MINUTES = 24 * 60


class FolderError(Exception):
    """The folder cannot be solved; the message says what to correct."""


class DayUnknownError(FolderError):
    """Neither the options nor a reception tells which day it is."""


def volunteer_from(record: Record) -> VolunteerInput:
    """Return a volunteer; of the gates only what a sheet can state is filled in."""
    return VolunteerInput(
        volunteer_id=record["volunteer_id"],
        status=record.get("status") or "active",
        lat=_number(record, "lat"),
        lon=_number(record, "lon"),
        gender=record.get("gender") or None,
        categories=_codes(record, "categories"),
        skills=_codes(record, "skills"),
        availability=_free(record.get("availability", "")),
        transport=record.get("transport") or None,
        max_distance_km=_number(record, "max_distance_km"),
        max_hours_per_month=_number(record, "max_hours_per_month"),
        notice_days=_whole(record, "notice_days") or 0,
        insured_until=_day(record, "insured_until"),
    )


def waiting_need_from(record: Record) -> NeedInput | None:
    """Return a need that waits for people, None for one on hold or closed."""
    start_on = _day(record, "start_date")
    if record.get("status", "") not in WAITING or start_on is None:
        return None
    headcount, least = _whole(record, "headcount") or 1, _whole(record, "min_headcount") or 1
    if least > headcount:
        raise ValueError(
            f"min_headcount {least} is more than headcount {headcount}: "
            "such a visit can never be placed."
        )
    return NeedInput(
        need_id=record["need_id"],
        category=record["category"],
        lat=_number(record, "lat"),
        lon=_number(record, "lon"),
        required_skills=_codes(record, "required_skills"),
        headcount=headcount,
        min_headcount=least,
        start_on=start_on,
        end_on=_day(record, "end_date"),
        weekdays=frozenset(WEEKDAYS[name] for name in _codes(record, "weekdays")),
        time_from=_minutes(record, "time_from"),
        time_to=_minutes(record, "time_to"),
        duration_minutes=_whole(record, "duration_minutes"),
        recurrence=record.get("recurrence") or "once",
        urgency=record.get("urgency") or "normal",
        gender_preference=record.get("gender_preference") or None,
        car_needed=record.get("car_needed") == "1",
    )


def past_offer_from(record: Record) -> PastOffer | None:
    """Return an earlier offer; one without its day says nothing."""
    offered_on = _day(record, "proposed_at")
    if offered_on is None:
        return None
    return PastOffer(
        volunteer_id=record["volunteer_id"],
        person_id=record["need_id"],
        offered_on=offered_on,
        response=record.get("response") or "no_answer",
        outcome=record.get("outcome", ""),
    )


def options_from(path: Path, needs: Sequence[Record]) -> Options:
    """Return the settings.

    `today` is by default the day after the newest reception, else the first day asked for.
    """
    given = _settings(path)
    today = _today(given["today"]) if "today" in given else _day_after(needs)
    return Options(
        today=today, horizon_days=_horizon(given.get("horizon_days", 28)), weights=_weights(given)
    )


def _day_after(needs: Sequence[Record]) -> date:
    received = [day for record in needs if (day := _day(record, "received_at"))]
    if received:
        return max(received) + timedelta(days=1)
    asked = [day for record in needs if (day := _day(record, "start_date"))]
    if not asked:
        raise DayUnknownError("Say which day it is: put today (YYYY-MM-DD) into options.json.")
    return min(asked)


def _settings(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FolderError(f"options.json is not valid JSON: {error}.") from error
    if not isinstance(given, dict):
        raise FolderError("options.json must hold one object with today, weights, horizon_days.")
    unknown = sorted(set(given) - SETTINGS)
    if unknown:
        raise FolderError(f"options.json: {unknown[0]!r} is not one of {sorted(SETTINGS)}.")
    return given


def _today(value: object) -> date:
    try:
        today = date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise FolderError("options.json: today must be a date like 2027-01-18.") from error
    if not FIRST_YEAR <= today.year <= LAST_YEAR:
        raise FolderError(f"options.json: today must lie between {FIRST_YEAR} and {LAST_YEAR}.")
    return today


def _horizon(value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not isinstance(value, int) or not 1 <= value <= LONGEST_HORIZON_DAYS:
        raise FolderError(
            f"options.json: horizon_days must be a whole number from 1 to {LONGEST_HORIZON_DAYS}."
        )
    return value


def _weights(given: Mapping[str, Any]) -> Weights:
    value = given.get("weights", STANDARD.version)
    if value == STANDARD.version:
        return STANDARD
    if not isinstance(value, dict) or not all(_is_share(share) for share in value.values()):
        raise FolderError(
            f"options.json: weights must be {STANDARD.version!r} or an object of numbers "
            f"from 0 to {LARGEST_WEIGHT}."
        )
    try:
        return weights_from(value)
    except ValueError as error:
        raise FolderError(f"options.json: {error}") from error


def _is_share(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isinstance(value, int | float) and 0 <= value <= LARGEST_WEIGHT


def _codes(record: Record, column: str) -> frozenset[str]:
    return frozenset(code for code in record.get(column, "").split(";") if code)


def _free(text: str) -> tuple[Free, ...]:
    return tuple(_slot(part.strip()) for part in text.split(";") if part.strip())


def _slot(text: str) -> Free:
    weekday, _, times = text.partition(" ")
    start, _, end = times.partition("-")
    return Free(WEEKDAYS[weekday], clock_minutes(start), clock_minutes(end))


def _minutes(record: Record, column: str) -> int | None:
    text = record.get(column, "")
    return clock_minutes(text) if text else None


def clock_minutes(text: str) -> int:
    """Minutes past midnight; raises ValueError for what no clock shows."""
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text, re.ASCII)
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise ValueError(f"{text!r} is not a time like 09:00.")
    return minutes


def _number(record: Record, column: str) -> float | None:
    text = record.get(column, "")
    return float(text) if text else None


def _whole(record: Record, column: str) -> int | None:
    number = _number(record, column)
    return None if number is None else int(number)


def _day(record: Record, column: str) -> date | None:
    text = record.get(column, "")
    return date.fromisoformat(text[:10]) if text else None
