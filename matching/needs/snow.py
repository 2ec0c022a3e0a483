"""Snow: it is cleared in its season and by daylight only (BR-21)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

SNOW = frozenset({"snow_removal"})
SEASON = ((12, 1), (3, 31))
# Month -> from when until when it is light on every day of it, in minutes past midnight.
DAYLIGHT: Mapping[int, tuple[int, int]] = {
    12: (420, 960),
    1: (420, 960),
    2: (405, 1005),
    3: (375, 1035),
}
OUT_OF_SEASON = (
    "雪かきのお手伝いは、12月1日から3月31日までです。希望日を変えるか、ほかの窓口をご案内ください。"
)
DARK = (
    "雪かきは、明るい時間だけにお願いしています。%(month)s月は%(opens)sから%(closes)sまでです。"
    "時間を変えてください。"
)


class Refusal(NamedTuple):
    """Why snow is not cleared then: a sentence with its values."""

    template: str
    values: Mapping[str, object]


class Hours(NamedTuple):
    """What is left of a need's wishes: days without a visit, and the minutes it has to fit in."""

    off: frozenset[date]
    opens: int
    closes: int


def in_season(on: date) -> bool:
    """Tell whether snow is cleared on a day (BR-21)."""
    return not SEASON[1] < (on.month, on.day) < SEASON[0]


def refusal(category: str, on: date, starts: int, ends: int) -> Refusal | None:
    """Return why a visit of a kind of help cannot be then (BR-21); None where it can."""
    if category not in SNOW:
        return None
    if not in_season(on):
        return Refusal(OUT_OF_SEASON, {})
    opens, closes = DAYLIGHT[on.month]
    if opens <= starts and ends <= closes:
        return None
    told = {"month": on.month, "opens": _clock(opens), "closes": _clock(closes)}
    return Refusal(DARK, told)


def hours(first: date, last: date, opens: int, closes: int) -> Hours:
    """Narrow what is wished for the days from `first` to `last` to what may be (BR-21).

    The months that the days touch share their hours: what is light in each of them.
    """
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    light = [DAYLIGHT[day.month] for day in days if in_season(day)]
    return Hours(
        frozenset(day for day in days if not in_season(day)),
        max([opens, *(since for since, _until in light)]),
        min([closes, *(until for _since, until in light)]),
    )


def hindrance(category: str, first: date, last: date, opens: int, minutes: int) -> Refusal | None:
    """Return why a need has no day between two on which it can be done (BR-21), else None."""
    if category not in SNOW:
        return None
    days = [first + timedelta(days=step) for step in range(min((last - first).days, 366) + 1)]
    light = [day for day in days if in_season(day)]
    starts = [max(opens, DAYLIGHT[day.month][0]) for day in light]
    told = [
        refusal(category, day, start, start + minutes)
        for day, start in zip(light, starts, strict=True)
    ]
    if not told:
        return Refusal(OUT_OF_SEASON, {})
    return None if None in told else told[0]


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
