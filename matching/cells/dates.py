"""Dates as Japanese sheets write them: Western, eras, kanji numerals, Excel's day numbers."""

import re
from datetime import date, timedelta

from matching.cells.cell import (
    EMPTY,
    NONE_WORDS,
    Cell,
    kanji_to_digits,
    squeeze,
    unread,
)

ERAS = {
    "M": (date(1868, 1, 25), date(1912, 7, 30)),
    "T": (date(1912, 7, 30), date(1926, 12, 25)),
    "S": (date(1926, 12, 25), date(1989, 1, 7)),
    "H": (date(1989, 1, 8), date(2019, 4, 30)),
    "R": (date(2019, 5, 1), date(9999, 12, 31)),
}
_ERA_LETTER = {"令": "R", "平": "H", "昭": "S", "大": "T", "明": "M"}
_ERA = "(令和|平成|昭和|大正|明治|[令平昭大明]|[RHSTM])"
_YEAR, _MONTH = "[年./-]", "[月./-]"
_END = r"日?\.?"
_WEEKDAY = re.compile(r"\(([月火水木金土日])(?:曜日?|[・/]?祝日?)?\)$|([月火水木金土日])曜日?$")
_CLOCK = re.compile(r"(?:T|(?<=[\d日)]))(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_WESTERN = re.compile(rf"(\d{{4}}){_YEAR}(\d{{1,2}}){_MONTH}(\d{{1,2}}){_END}")
_IN_ERA = re.compile(rf"{_ERA}(元|\d{{1,2}}){_YEAR}(\d{{1,2}}){_MONTH}(\d{{1,2}}){_END}", re.I)
_ERA_RUN = re.compile(r"([RHSTM])(\d\d)(\d\d)(\d\d)", re.I)
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_INCOMPLETE = re.compile(
    rf"(?:{_ERA}(?:元|\d{{1,2}})|\d{{4}})(?:年(?:\d{{1,2}}月)?|[./-]\d{{1,2}})", re.I
)
_YEARLESS = re.compile(rf"\d{{1,2}}{_MONTH}\d{{1,2}}{_END}")
_AMBIGUOUS = re.compile(
    rf"\d{{1,2}}{_YEAR}\d{{1,2}}{_MONTH}\d{{1,2}}{_END}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{6}}"
)
_DAY_ONE = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1868, 2199
FIRST_SERIAL, LAST_SERIAL = 20000, 80000


def read_date(text: str) -> Cell:
    """A day as YYYY-MM-DD; a time of day beside it is dropped and said so."""
    if (iso := _ISO.fullmatch(text)) is not None:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    day, clock = _split_clock(text)
    cell = _read_day(day)
    if clock not in ("", "00:00") and cell.text and not cell.code:
        return cell._replace(code="time_not_used")
    return cell


def read_moment(text: str) -> Cell:
    """A day, or a day and time as YYYY-MM-DD HH:MM, local time."""
    day, clock = _split_clock(text)
    cell = _read_day(day)
    if not cell.text or clock in ("", "00:00"):
        return cell
    if clock == "?":
        return unread("time_invalid")
    return cell._replace(text=f"{cell.text} {clock}")


def _split_clock(text: str) -> tuple[str, str]:
    folded = re.sub(r"(?<=\d)\s+(?=\d)", "T", text.strip()) if ":" in text or "：" in text else text
    folded = squeeze(folded)
    found = _CLOCK.search(folded)
    if found is None:
        return folded, ""
    hour, minute = int(found[1]), int(found[2])
    clock = f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else "?"
    return folded[: found.start()], clock


def _read_day(folded: str) -> Cell:
    if folded in NONE_WORDS or folded.strip("0") == "":
        return EMPTY
    text = kanji_to_digits(folded)
    weekday = _WEEKDAY.search(text)
    if weekday is None:
        return _read_digits(text)
    cell = _read_digits(text[: weekday.start()])
    said = "月火水木金土日".index(weekday[1] or weekday[2])
    if cell.text and not cell.code and date.fromisoformat(cell.text).weekday() != said:
        return cell._replace(code="weekday_mismatch")
    return cell


def _read_digits(text: str) -> Cell:
    for pattern in (_WESTERN, _EIGHT):
        if (found := pattern.fullmatch(text)) is not None:
            return _day(int(found[1]), int(found[2]), int(found[3]))
    for pattern in (_IN_ERA, _ERA_RUN):
        if (found := pattern.fullmatch(text)) is not None:
            return _day_in_era(found[1], found[2], int(found[3]), int(found[4]))
    serial = _SERIAL.fullmatch(text)
    if serial is not None and FIRST_SERIAL <= int(serial[1]) <= LAST_SERIAL:
        return Cell((_DAY_ONE + timedelta(days=int(serial[1]))).isoformat(), "excel_serial_date")
    return unread(_why_not(text))


def _why_not(text: str) -> str:
    if _INCOMPLETE.fullmatch(text):
        return "date_incomplete"
    if _AMBIGUOUS.fullmatch(text):
        return "date_ambiguous"
    return "year_missing" if _YEARLESS.fullmatch(text) else "date_invalid"


def _day(year: int, month: int, day: int) -> Cell:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return unread("date_invalid")
    try:
        return Cell(date(year, month, day).isoformat())
    except ValueError:
        return unread("date_invalid")


def _day_in_era(era: str, year: str, month: int, day: int) -> Cell:
    letter = _ERA_LETTER.get(era[0], era[0].upper())
    first, last = ERAS[letter]
    count = 1 if year == "元" else int(year)
    if count == 0:
        return unread("date_invalid")
    cell = _day(first.year + count - 1, month, day)
    if cell.text and not first <= date.fromisoformat(cell.text) <= last:
        return cell._replace(code="era_overrun")
    return cell
