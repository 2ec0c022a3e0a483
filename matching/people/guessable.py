"""Which passwords are refused: too short, often used, or made of the words around the centre."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

from matching.kernel.errors import Invalid
from matching.kernel.permissions import OFFICE
from matching.places.reference import AREAS, DISTRICTS, Area, District

SHORTEST = 8
SHORTEST_OFFICE = 15
LONGEST = 256
FEWEST_DIFFERENT = 4
DATA = Path(__file__).parent / "data"
_LETTERS = re.compile(r"[^\W\d_]+")


def check(password: str, roles: Collection[str], names: Collection[str] = ()) -> None:
    """Raise Invalid, saying what to do, for a password that guessing would find (ASVS 6.2).

    Nothing is asked about kinds of letters; spaces count; `names` are the account's own words.
    """
    if len(password) < SHORTEST:
        raise Invalid("パスワードは8文字以上にしてください。", field="password", code="short")
    if len(password) < SHORTEST_OFFICE and not OFFICE.isdisjoint(roles):
        raise Invalid("パスワードは15文字以上にしてください。", field="password", code="short")
    if len(password) > LONGEST:
        raise Invalid("パスワードは256文字までにしてください。", field="password", code="long")
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(set(folded)) < FEWEST_DIFFERENT or _is_common(folded):
        raise Invalid(
            "このパスワードは、よく使われていて見破られやすいものです。"
            "思い出しやすい言葉を、いくつかつなげてみてください。",
            field="password",
            code="common",
        )
    if _is_around(folded, names):
        raise Invalid(
            "市やセンターの名前、ログイン名だけでできたパスワードは使えません。"
            "ほかの言葉をつなげてください。",
            field="password",
            code="around",
        )


@cache
def common_passwords() -> frozenset[str]:
    """Return the bundled list of passwords that are tried first everywhere."""
    return frozenset(_column("common_passwords"))


def _column(name: str) -> list[str]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [row[0] for row in rows]


def _is_common(folded: str) -> bool:
    """An often used one, also where figures and signs were only put before or after it."""
    known = common_passwords()
    bare = folded.strip("0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    whole = folded in known or (len(bare) > 4 and bare in known)
    return whole or _is_repeated(folded, known)


def _is_repeated(folded: str, known: frozenset[str]) -> bool:
    for width in range(1, len(folded) // 2 + 1):
        part = folded[:width]
        if len(folded) % width == 0 and part * (len(folded) // width) == folded:
            return width < 5 or part in known
    return False


@cache
def _words_around() -> tuple[str, ...]:
    places: tuple[Area | District, ...] = (*AREAS, *DISTRICTS)
    named = [name for each in places for name in (each.code.replace("_", ""), each.name, each.kana)]
    words = {
        unicodedata.normalize("NFKC", word).casefold()
        for word in (*_column("words_around"), *named)
    }
    return tuple(sorted((word for word in words if len(word) > 1), key=len, reverse=True))


def _is_around(folded: str, names: Collection[str]) -> bool:
    """Little is left once the words that everybody here knows are taken out."""
    own = [unicodedata.normalize("NFKC", name).casefold() for name in names]
    left = folded
    for word in (*sorted((w for w in own if len(w) > 2), key=len, reverse=True), *_words_around()):
        left = left.replace(word, " ")
    return left != folded and sum(map(len, _LETTERS.findall(left))) < 4
