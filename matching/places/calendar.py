"""The working calendar: fiscal years, business days, opening and quiet hours, local dates."""

from datetime import date, datetime, time, timedelta

import jpholiday

from matching.kernel.clock import TOKYO, local
from matching.places.wareki import (
    ERAS,
    WEEKDAYS,
    WEEKDAYS_ENGLISH,
    era_of,
    era_year,
    format_date,
    format_short_date,
    format_time,
    format_wareki,
    parse_date,
    weekday_code,
    weekday_name,
)

__all__ = [
    "CLOSES_AT",
    "ERAS",
    "OPENS_AT",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "WEEKDAYS",
    "WEEKDAYS_ENGLISH",
    "add_business_days",
    "business_day_on_or_after",
    "end_of_fiscal_year",
    "end_of_quiet",
    "era_of",
    "era_year",
    "fiscal_year_of",
    "format_date",
    "format_fiscal_year",
    "format_short_date",
    "format_time",
    "format_wareki",
    "holiday_name",
    "is_business_day",
    "is_open",
    "is_quiet",
    "parse_date",
    "start_of_fiscal_year",
    "weekday_code",
    "weekday_name",
]

OPENS_AT = time(8, 30)
CLOSES_AT = time(17, 15)
QUIET_FROM = time(20, 0)
QUIET_UNTIL = time(8, 0)
_NEW_YEAR_CLOSING = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def fiscal_year_of(on: date) -> int:
    """Return the fiscal year a day belongs to: April 2026 to March 2027 is 2026."""
    return on.year if on.month >= 4 else on.year - 1


def start_of_fiscal_year(fiscal_year: int) -> date:
    """Return 1 April of the fiscal year."""
    return date(fiscal_year, 4, 1)


def end_of_fiscal_year(fiscal_year: int) -> date:
    """Return 31 March that closes the fiscal year."""
    return date(fiscal_year + 1, 3, 31)


def format_fiscal_year(fiscal_year: int) -> str:
    """Write a fiscal year in both counts: 2026年度（令和8年度）.

    A year in which the era changed shows the new era first, then the one it began in.
    """
    at_end = era_year(date(fiscal_year, 12, 31))
    at_start = era_year(start_of_fiscal_year(fiscal_year))
    japanese = at_end + "度" if at_end == at_start else f"{at_end}度・{at_start}度"
    return f"{fiscal_year}年度（{japanese}）"


def holiday_name(on: date) -> str | None:
    """Return the name of the national holiday on that day, if it is one."""
    name = jpholiday.is_holiday_name(on)
    return str(name) if name else None


def is_business_day(on: date) -> bool:
    """Tell whether the centre works: Monday to Friday, no holiday, not 29 December to 3 January."""
    if on.weekday() >= 5 or (on.month, on.day) in _NEW_YEAR_CLOSING:
        return False
    return holiday_name(on) is None


def business_day_on_or_after(on: date) -> date:
    """Return the day itself when the centre works on it, else the next day it does."""
    while not is_business_day(on):
        on += timedelta(days=1)
    return on


def add_business_days(on: date, days: int) -> date:
    """Return the day that is `days` (0 or more) business days later, as deadlines count."""
    if days < 0:
        raise ValueError("count business days forwards only")
    found = business_day_on_or_after(on) if days == 0 else on
    for _ in range(days):
        found = business_day_on_or_after(found + timedelta(days=1))
    return found


def is_open(at: datetime) -> bool:
    """Tell whether the counter is open at that aware instant (8:30 to 17:15 on business days)."""
    here = local(at)
    return is_business_day(here.date()) and OPENS_AT <= here.time() < CLOSES_AT


def is_quiet(at: datetime) -> bool:
    """Tell whether no message may leave at that aware instant (20:00 to 8:00)."""
    here = local(at).time()
    return here >= QUIET_FROM or here < QUIET_UNTIL


def end_of_quiet(at: datetime) -> datetime:
    """Return the first instant at or after `at` when messages may leave."""
    if not is_quiet(at):
        return at
    here = local(at)
    evening = here.time() >= QUIET_FROM
    return datetime.combine(here.date() + timedelta(days=evening), QUIET_UNTIL, TOKYO)
