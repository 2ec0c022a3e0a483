"""The three registers a page can be read in, and the words of our tables in each of them."""

from __future__ import annotations

from typing import Protocol

import flask_babel
from flask import request

from matching.places import wareki
from matching.places.reference import AREAS, DISTRICTS, Area, District

LANGUAGES = ("ja", "ja-easy", "en")
LOCALES = {"ja": "ja", "ja-easy": "ja_JP@easy", "en": "en"}
WEEKDAYS = {
    "ja": wareki.WEEKDAYS,
    "ja-easy": ("げつ", "か", "すい", "もく", "きん", "ど", "にち"),
    "en": wareki.WEEKDAYS_ENGLISH,
}
TO_HIRAGANA = {ord("ァ") + place: ord("ぁ") + place for place in range(ord("ヶ") - ord("ァ") + 1)}
PLACES: dict[str, Area | District] = {district.name: district for district in DISTRICTS}
PLACES.update((area.name, area) for area in AREAS)


class Word(Protocol):
    """An entry of a code table; a kind of help also has its words in easy Japanese."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def english(self) -> str: ...


def language() -> str:
    """Return the reader's register: the cookie of the switch, else what the browser asks for."""
    chosen = request.cookies.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(["ja", "en"], "ja")


def babel_locale() -> str:
    """Return the locale of the reader's catalogue."""
    return LOCALES[language()]


def gettext(text: str, **values: object) -> str:
    """Return a text of ours in the reader's register, with its values filled in."""
    return str(flask_babel.gettext(text, **values))


def word(entry: Word) -> str:
    """Return the label of a code in the reader's register."""
    register = language()
    if register == "en":
        return entry.english
    easy = getattr(entry, "easy", "") if register == "ja-easy" else ""
    return easy or gettext(entry.label)


def place(name: str | None) -> str:
    """Return an area or district as the reader can say it; other words as they are."""
    found = PLACES.get(name or "")
    register = language()
    if found is None or register == "ja":
        return gettext(name) if name else ""
    if register == "en":
        return found.code.replace("_", " ").title()
    return f"{found.name}（{found.kana.translate(TO_HIRAGANA)}）"


def weekday(day: int) -> str:
    """Return the short name of a weekday, Monday is 0."""
    return WEEKDAYS[language()][day]
