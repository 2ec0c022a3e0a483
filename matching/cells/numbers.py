"""Counts and measures: digits of any width, kanji numerals, units, ranges, rough words."""

import re
from decimal import Decimal
from functools import partial

from matching.cells.cell import EMPTY, Cell, Reader, kanji_to_digits, squeeze, unread

_UNIT = r"(?:人|名|歳|才|日前?|時間|回|KM|キロ(?:メートル)?|M|件|個|枚)?"
_NUMBER = re.compile(rf"(\d+(?:\.\d+)?){_UNIT}(以上|以内|以下|まで)?", re.I)
_RANGE = re.compile(rf"(\d+(?:\.\d+)?){_UNIT}[~-](\d+(?:\.\d+)?){_UNIT}", re.I)
_ABOUT = re.compile(r"^(?:約|およそ|だいたい|ほぼ)|(?:程度|くらい|ぐらい|ほど|前後|位)$")
_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NONE = frozenset(("", "-", "--", "なし", "未定", "特になし"))


def integer_reader(low: int, high: int) -> Reader:
    """Reads whole numbers; one outside low..high is kept in the text but marked unusable."""
    return partial(read_number, low=low, high=high, whole=True)


def decimal_reader(low: int, high: int) -> Reader:
    """Reads numbers that may have a fraction, within low..high."""
    return partial(read_number, low=low, high=high, whole=False)


def read_number(text: str, *, low: int, high: int, whole: bool) -> Cell:
    """A number as shortest decimal text; of a range the upper end is used."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return _bounded(Decimal(text), "", low, high, whole)
    folded = squeeze(text)
    if folded in _NONE:
        return EMPTY
    exact = _ABOUT.sub("", folded)
    digits = _COMMA.sub("", kanji_to_digits(exact))
    if (found := _RANGE.fullmatch(digits)) is not None:
        return _bounded(Decimal(found[2]), "range_upper_used", low, high, whole)
    if (found := _NUMBER.fullmatch(digits)) is None:
        return unread("number_invalid")
    code = "estimate" if exact != folded or found[2] == "以上" else ""
    return _bounded(Decimal(found[1]), code, low, high, whole)


def _bounded(number: Decimal, code: str, low: int, high: int, whole: bool) -> Cell:
    if whole and number != number.to_integral_value():
        return unread("number_invalid")
    text = shortest(number)
    if not low <= number <= high:
        return Cell(text, "number_out_of_range", read=False)
    return Cell(text, code)


def shortest(number: Decimal) -> str:
    """Decimal text without exponent or trailing zeros: 8.0 is 8."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
