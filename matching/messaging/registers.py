"""The three registers without a browser: texts, days and places as one person reads them."""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date

from matching.places import wareki
from matching.places.reference import AREA_BY_CODE, DISTRICT_BY_CODE

LOCALES = {"ja": "ja", "ja-easy": "ja_JP@easy", "en": "en"}
FOLDER = Path(__file__).resolve().parent.parent / "translations"
EASY_DAYS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
TO_HIRAGANA = {ord("ァ") + place: ord("ぁ") + place for place in range(ord("ヶ") - ord("ァ") + 1)}


def register_of(language: str | None) -> str:
    """Return the register for a person's language: easy Japanese where we do not speak it."""
    if not language or language == "ja":
        return "ja"
    return language if language in LOCALES else "ja-easy"


@cache
def _catalogue(register: str) -> catalogues.NullTranslations:
    return catalogues.translation("messages", FOLDER, [LOCALES[register]], fallback=True)


def say(register: str, text: str, **values: object) -> str:
    """Return a text of ours in a register, with its values filled in."""
    said = _catalogue(register).gettext(text) if text else ""
    return said % values if values else said


def day_in(register: str, on: date) -> str:
    """Write a day without its year: 11月23日（月）, 11月23日 げつようび, Mon 23 November."""
    if register == "ja":
        return wareki.format_short_date(on)
    if register == "en":
        return format_date(on, "EEE d MMMM", locale="en")
    return f"{on.month}月{on.day}日 {EASY_DAYS[on.weekday()]}ようび"


def time_in(minutes: int) -> str:
    """Write minutes past midnight as 9:00."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def place_in(register: str, codes: Sequence[str], unknown: str) -> str:
    """Write area and district by their codes; other words (where somebody is met) as they are."""
    named = [_place(register, code) for code in codes]
    return ("　" if register != "en" else ", ").join(named) if named else say(register, unknown)


def _place(register: str, code: str) -> str:
    found = AREA_BY_CODE.get(code) or DISTRICT_BY_CODE.get(code)
    if found is None:
        return say(register, code)
    if register == "en":
        return found.code.replace("_", " ").title()
    if register == "ja":
        return found.name
    return f"{found.name}（{found.kana.translate(TO_HIRAGANA)}）"
