"""From records in schema names to the planner's plain values."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from matching.engine import (
    STANDARD,
    Booking,
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


class FolderError(Exception):
    """The folder cannot be solved; the message says what to correct."""


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
    headcount = _whole(record, "headcount") or 1
    return NeedInput(
        need_id=record["need_id"],
        category=record["category"],
        lat=_number(record, "lat"),
        lon=_number(record, "lon"),
        required_skills=_codes(record, "required_skills"),
        headcount=headcount,
        min_headcount=min(_whole(record, "min_headcount") or 1, headcount),
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


def booking_from(record: Record) -> Booking:
    """Return a confirmed engagement; raises ValueError for a cell that cannot be read."""
    on, start, end = _day(record, "date"), _minutes(record, "start"), _minutes(record, "end")
    if not record.get("volunteer_id") or on is None or start is None or end is None or end <= start:
        raise ValueError("A booking needs volunteer_id, date, start and a later end.")
    return Booking(
        volunteer_id=record["volunteer_id"],
        on=on,
        start_minutes=start,
        end_minutes=end,
        lat=_number(record, "lat"),
        lon=_number(record, "lon"),
    )


def options_from(path: Path, needs: Sequence[Record]) -> Options:
    """Return the settings; `today` is by default the day after the newest reception."""
    given = _settings(path)
    received = [day for record in needs if (day := _day(record, "received_at"))]
    newest = max(received, default=None)
    if "today" in given:
        today = _today(given["today"])
    elif newest is not None:
        today = newest + timedelta(days=1)
    else:
        raise FolderError("Say which day it is: put today (YYYY-MM-DD) into options.json.")
    return Options(
        today=today, horizon_days=_horizon(given.get("horizon_days", 28)), weights=_weights(given)
    )


def _settings(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise FolderError(f"options.json is not valid JSON: {error}.") from error
    if not isinstance(given, dict):
        raise FolderError("options.json must hold one object with today, weights, horizon_days.")
    unknown = sorted(set(given) - SETTINGS)
    if unknown:
        raise FolderError(f"options.json: {unknown[0]!r} is not one of {sorted(SETTINGS)}.")
    return given


def _today(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise FolderError("options.json: today must be a date like 2027-01-18.") from error


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
    if not isinstance(value, dict) or not all(_is_number(share) for share in value.values()):
        raise FolderError("options.json: weights must be a version or an object of numbers.")
    try:
        return weights_from(value)
    except ValueError as error:
        raise FolderError(f"options.json: {error}") from error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _codes(record: Record, column: str) -> frozenset[str]:
    return frozenset(code for code in record.get(column, "").split(";") if code)


def _free(text: str) -> tuple[Free, ...]:
    return tuple(_slot(part.strip()) for part in text.split(";") if part.strip())


def _slot(text: str) -> Free:
    weekday, _, times = text.partition(" ")
    start, _, end = times.partition("-")
    return Free(WEEKDAYS[weekday], _clock(start), _clock(end))


def _minutes(record: Record, column: str) -> int | None:
    text = record.get(column, "")
    return _clock(text) if text else None


def _clock(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}:\d{2}", text):
        raise ValueError(f"{text!r} is not a time like 09:00.")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _number(record: Record, column: str) -> float | None:
    text = record.get(column, "")
    return float(text) if text else None


def _whole(record: Record, column: str) -> int | None:
    number = _number(record, column)
    return None if number is None else int(number)


def _day(record: Record, column: str) -> date | None:
    text = record.get(column, "")
    return date.fromisoformat(text[:10]) if text else None
