"""Dates as people here write them: Western years, Japanese eras and weekdays."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

WEEKDAYS = "月火水木金土日"
WEEKDAYS_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Era:
    """A Japanese era with its first day."""

    name: str
    letter: str
    starts_on: date


ERAS: tuple[Era, ...] = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
)
_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_JAPANESE = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTM])\.?(元|\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def era_of(on: date) -> tuple[Era, int]:
    """Return the era of a day and the year in it, counted from 1; before 1868 is a ValueError."""
    for era in ERAS:
        if on >= era.starts_on:
            return era, on.year - era.starts_on.year + 1
    raise ValueError(f"{on.isoformat()} lies before the first supported era (明治, 1868-01-25)")


def era_year(on: date) -> str:
    """Write the era and year of a day: 令和8年, 令和元年."""
    era, year = era_of(on)
    return f"{era.name}{'元' if year == 1 else year}年"


def format_wareki(on: date) -> str:
    """Write a day in the Japanese era: 令和8年11月23日."""
    return f"{era_year(on)}{on.month}月{on.day}日"


def weekday_name(on: date) -> str:
    """Return the weekday as one character: 月 to 日."""
    return WEEKDAYS[on.weekday()]


def weekday_code(on: date) -> str:
    """Return the weekday as sheets write it: Mon to Sun."""
    return WEEKDAYS_ENGLISH[on.weekday()]


def format_date(on: date) -> str:
    """Write a day with its weekday: 2026年11月23日（月）."""
    return f"{on.year}年{on.month}月{on.day}日（{weekday_name(on)}）"


def format_short_date(on: date) -> str:
    """Write a day without its year: 11月23日（月）."""
    return f"{on.month}月{on.day}日（{weekday_name(on)}）"


def format_time(at: time) -> str:
    """Write a time of day for residents: 午後2時, 午前9時30分."""
    half = "午前" if at.hour < 12 else "午後"
    minutes = f"{at.minute}分" if at.minute else ""
    return f"{half}{at.hour % 12}時{minutes}"


def parse_date(text: str) -> date:
    """Read a day typed in a form, Western or Japanese; anything else is a ValueError.

    A Japanese year past the end of its era (昭和65年) is read as if the era had gone on.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\([月火水木金土日]\)$", "", plain)
    try:
        return date(*_year_month_day(plain))
    except ValueError as error:
        raise ValueError(
            f"「{text}」 is not a date; write it like 2026-11-23 or 令和8年11月23日"
        ) from error


def _year_month_day(plain: str) -> tuple[int, int, int]:
    western = _WESTERN.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if western:
        return int(western[1]), int(western[2]), int(western[3])
    japanese = _JAPANESE.fullmatch(plain)
    if japanese:
        year = _western_year(japanese[1].upper(), japanese[2])
        return year, int(japanese[3]), int(japanese[4])
    raise ValueError("neither a Western nor a Japanese date")


def _western_year(era_name: str, year_text: str) -> int:
    era = next(era for era in ERAS if era_name in (era.name, era.letter))
    return era.starts_on.year + (1 if year_text == "元" else int(year_text)) - 1
