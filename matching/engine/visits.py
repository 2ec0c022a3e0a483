"""How a need unfolds into visits, and on which days and times each visit may take place."""

from collections.abc import Callable, Hashable, Iterable
from datetime import date, timedelta
from itertools import groupby

from matching.engine.inputs import NeedInput

STEP_MINUTES = 15
DAY_MINUTES = 24 * 60
DAY_STARTS, DAY_ENDS = 9 * 60, 17 * 60
USUAL_MINUTES = 60


def allowed_days(need: NeedInput, today: date, horizon_days: int) -> list[date]:
    """Return the days on which any visit of the need may lie, in order."""
    if need.start_on is None:
        return []
    last = today + timedelta(days=horizon_days - 1)
    end = need.end_on or (need.start_on if need.recurrence == "once" else last)
    first = max(today, need.start_on)
    span = range((min(last, end) - first).days + 1)
    days = (first + timedelta(days=n) for n in span)
    wanted = (day for day in days if not need.weekdays or day.weekday() in need.weekdays)
    return [day for day in wanted if day not in need.dates_off]


def visit_days(need: NeedInput, today: date, horizon_days: int) -> list[list[date]]:
    """Return for each visit, numbered from 1 in this order, the days it may take place on.

    Raises ValueError for a recurrence that does not exist.
    """
    days = allowed_days(need, today, horizon_days)
    if need.recurrence in ("once", "as_needed"):
        return [days] if days else []
    if need.recurrence == "monthly":
        return _grouped(days, lambda day: (day.year, day.month))
    if need.recurrence not in ("weekly", "biweekly"):
        raise ValueError(f"Need {need.need_id}: unknown recurrence {need.recurrence!r}.")
    if need.recurrence == "biweekly" and need.start_on is not None:
        origin = _week(need.start_on)
        days = [day for day in days if (_week(day) - origin) % 2 == 0]
    return [[day] for day in days] if need.weekdays else _grouped(days, _week)


def duration_minutes(need: NeedInput) -> int:
    """Return how long one visit takes."""
    if need.duration_minutes is not None:
        return need.duration_minutes
    opens, closes = window(need)
    return min(USUAL_MINUTES, max(closes - opens, 1))


def window(need: NeedInput) -> tuple[int, int]:
    """Return the minutes of the day between which a visit has to fit."""
    opens = DAY_STARTS if need.time_from is None else need.time_from
    closes = DAY_ENDS if need.time_to is None else need.time_to
    return opens, closes


def starts(need: NeedInput) -> list[int]:
    """Return the minutes of the day at which a visit may start, in order."""
    opens, closes = window(need)
    first = -(-opens // STEP_MINUTES) * STEP_MINUTES
    return list(range(first, closes - duration_minutes(need) + 1, STEP_MINUTES))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _grouped(days: Iterable[date], key: Callable[[date], Hashable]) -> list[list[date]]:
    return [list(group) for _, group in groupby(days, key)]
