"""What volunteers may not do, heard in what somebody says: the rule, the sentence, the desk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from matching.catalogue.sheets import rows
from matching.needs.scope_words import FREE_RIDES, LITTLE_CASH, REFUSALS

MOST_CASH = 10_000  # yen a volunteer may carry for shopping (BR-23)
RIDES = ("transport", "hospital_escort", "walk_companion", "blind_escort")
MONEY = re.compile(r"([0-9][0-9,]*)(万)?円")
FARE = re.compile(r"運賃|料金|有料|時給|日当|(?:[0-9]|一)(?:km|キロ|回|時間)[^。]{0,6}円")


@dataclass(frozen=True)
class ScopeNote:
    """A word to say at once: which rule, in what sentence, and which desk helps instead.

    A note that `blocks` keeps the need from being filed in this kind; the others are hints.
    """

    rule: str
    sentence: str
    desk_code: str | None = None
    blocks: bool = False


# By kind of help: the words in which it is asked for under another name, and the desk.
HEARD: Mapping[str, tuple[tuple[str, ...], str]] = {
    row["code"]: (tuple(row["words"].split()), row["desk"]) for row in rows("out_of_scope.csv")
}
WORRYING = re.compile(
    r"叩かれ|たたかれ|殴られ|あざ|閉じ込め|食事をもらえ|お金を取られ|死にたい|消えたい|帰りたくない|動けない"
)


def notes_on(category_code: str, said: str) -> list[ScopeNote]:
    """Return what is to be said at once about a request, by its kind and words (BR-07, 22, 23)."""
    text = unicodedata.normalize("NFKC", said)
    rules = [*_ride(category_code, text), *_cash(category_code, text)]
    return rules + [
        ScopeNote("BR-07", REFUSALS[kind], desk)
        for kind, (words, desk) in HEARD.items()
        if any(word in text for word in words)
    ]


def _ride(category_code: str, text: str) -> list[ScopeNote]:
    """BR-22: a ride is free, or at cost; a fare or a sum makes it something else."""
    if category_code not in RIDES or not (FARE.search(text) or MONEY.search(text)):
        return []
    return [ScopeNote("BR-22", FREE_RIDES, "paid_mutual_aid", blocks=True)]


def _cash(category_code: str, text: str) -> list[ScopeNote]:
    """BR-23: a volunteer carries a little cash for shopping, against a receipt, and no more."""
    if category_code != "shopping" or max(sums_in(text), default=0) <= MOST_CASH:
        return []
    return [ScopeNote("BR-23", LITTLE_CASH, "daily_living_self_reliance", blocks=True)]


def sums_in(text: str) -> list[int]:
    """Return the sums of money named in a text, in yen."""
    found = MONEY.findall(unicodedata.normalize("NFKC", text))
    return [int(digits.replace(",", "") or 0) * (10_000 if man else 1) for digits, man in found]


def sounds_worrying(said: str) -> bool:
    """Tell whether words were said at which a person should look now; only a hint (BR-02)."""
    return bool(WORRYING.search(unicodedata.normalize("NFKC", said)))
