"""Times of day, ranges of them, and lengths of time."""

import re
from decimal import Decimal

from matching.cells.cell import (
    EMPTY,
    NONE_WORDS,
    Cell,
    kanji_to_digits,
    squeeze,
    unread,
)

DAYPARTS = {
    "早朝": ("06:30", "08:30"),
    "午前": ("09:00", "12:00"),
    "午前中": ("09:00", "12:00"),
    "午後": ("13:00", "17:00"),
    "日中": ("09:00", "17:00"),
    "終日": ("09:00", "17:00"),
    "一日中": ("09:00", "17:00"),
    "夜": ("18:00", "20:00"),
    "夜間": ("18:00", "20:00"),
}
DAY_MINUTES, HALF_DAY_MINUTES = 360, 180
_AFTERNOON = re.compile(r"午後|P\.?M\.?", re.I)
_HALF = r"(午前|午後|A\.?M\.?|P\.?M\.?)?"
_CLOCK = re.compile(
    rf"{_HALF}(\d{{1,2}})(?::(\d{{2}})(?::\d{{2}})?|時(?:(\d{{1,2}})分?|(半))?){_HALF}", re.I
)
_HOUR = re.compile(rf"{_HALF}(\d{{1,2}}){_HALF}", re.I)
_RUN = re.compile(r"(\d{1,2})(\d{2})")
_FRACTION = re.compile(r"0?\.\d{1,20}")
_ABOUT = re.compile(r"^約|頃$|ごろ$|ころ$|程度$|くらい$|ぐらい$")
_INEXACT = re.compile(
    r"早?朝|昼.*|夕方?|夜間?|午前中?|午後|日中|終日|いつでも|随時|.*以降|.*まで|.*から"
)
_RANGE_SIGN = re.compile(r"~|-|→|から")


def read_time(text: str) -> Cell:
    """A time of day as HH:MM."""
    folded = squeeze(text)
    if folded in NONE_WORDS:
        return EMPTY
    exact = _ABOUT.sub("", folded)
    cell = _clock(exact)
    if exact != folded and cell.text and not cell.code:
        return cell._replace(code="estimate")
    return cell


def _clock(folded: str) -> Cell:
    if folded == "正午":
        return Cell("12:00")
    if _FRACTION.fullmatch(folded):
        minutes = round(Decimal(folded) * 1440)
        return _hhmm(minutes // 60, minutes % 60, "excel_time_fraction")
    text = kanji_to_digits(folded)
    if (found := _CLOCK.fullmatch(text)) is not None:
        minute = 30 if found[5] else int(found[3] or found[4] or 0)
        return _hhmm(_hour24(int(found[2]), found[1] or found[6] or ""), minute)
    if (found := _HOUR.fullmatch(text)) is not None:
        half = found[1] or found[3] or ""
        return _hhmm(_hour24(int(found[2]), half), 0, "" if half else "time_without_colon")
    if (found := _RUN.fullmatch(text)) is not None:
        return _hhmm(int(found[1]), int(found[2]), "time_without_colon")
    return unread("time_not_exact" if _INEXACT.fullmatch(folded) else "time_invalid")


def _hour24(hour: int, half: str) -> int:
    if _AFTERNOON.fullmatch(half):
        return hour + 12 if hour < 12 else hour
    return 0 if half[:1] in ("A", "a") and hour == 12 else hour


def _hhmm(hour: int, minute: int, code: str = "") -> Cell:
    if hour > 23 or minute > 59:
        return unread("time_invalid")
    return Cell(f"{hour:02d}:{minute:02d}", code)


def read_time_range(text: str) -> Cell:
    """A window; the text is HH:MM-HH:MM and `more` holds time_from and time_to."""
    folded = squeeze(text)
    if folded in NONE_WORDS:
        return EMPTY
    if folded in DAYPARTS:
        return _window(*DAYPARTS[folded], "estimate")
    parts = _RANGE_SIGN.split(folded.removesuffix("まで"), maxsplit=1)
    cell = _two_times(parts[0], parts[1]) if len(parts) == 2 else unread("range_invalid")
    if cell.code == "range_invalid" and _INEXACT.fullmatch(folded):
        return unread("time_not_exact")
    return cell


def _two_times(first: str, second: str) -> Cell:
    start = read_time(first)
    end = read_time(second) if second else EMPTY
    if not start.text or (second and not end.text):
        return unread("range_invalid")
    if _AFTERNOON.search(first) and end.text and end.text < "12:00":
        end = Cell(f"{int(end.text[:2]) + 12:02d}{end.text[2:]}")
    if end.text and end.text <= start.text:
        return unread("range_reversed")
    doubt = next((c.code for c in (start, end) if c.code not in ("", "time_without_colon")), "")
    return _window(start.text, end.text, doubt)


def _window(start: str, end: str, code: str = "") -> Cell:
    return Cell(f"{start}-{end}", code, more=(("time_from", start), ("time_to", end)))


_MINUTES = re.compile(r"(\d{1,5})(?:分|MIN|M)?", re.I)
_HOURS = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)(?:時間|H|HOURS?)(?:(半)|(\d{1,2})分)?", re.I)
_CLOCKED = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_ROUGH = {"1日": DAY_MINUTES, "終日": DAY_MINUTES, "半日": HALF_DAY_MINUTES}


def read_duration(text: str) -> Cell:
    """A length of time as whole minutes; a number alone is minutes."""
    folded = squeeze(text)
    if folded in NONE_WORDS:
        return EMPTY
    exact = kanji_to_digits(_ABOUT.sub("", folded))
    if exact in _ROUGH:
        return Cell(str(_ROUGH[exact]), "estimate")
    parts = _RANGE_SIGN.split(exact)
    if len(parts) == 2 and all(parts):
        upper = _length(parts[1])
        return upper._replace(code="range_upper_used") if upper.text else upper
    return _length(exact)


def _length(text: str) -> Cell:
    if _FRACTION.fullmatch(text):
        return _minutes(round(Decimal(text) * 1440), "excel_time_fraction")
    if (found := _MINUTES.fullmatch(text)) is not None:
        return _minutes(int(found[1]))
    if (found := _CLOCKED.fullmatch(text)) is not None:
        return _minutes(int(found[1]) * 60 + int(found[2]))
    if (found := _HOURS.fullmatch(text)) is not None:
        return _minutes(round(Decimal(found[1]) * 60) + (30 if found[2] else int(found[3] or 0)))
    return unread("duration_invalid")


def _minutes(minutes: int, code: str = "") -> Cell:
    return Cell(str(minutes), code) if 0 < minutes <= 1440 else unread("duration_invalid")
