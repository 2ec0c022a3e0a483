"""The outcome of reading one cell, and the folding that readers of codes and numbers share."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple


class Cell(NamedTuple):
    """Canonical text of one cell ("" when nothing was said or nothing could be read).

    `code` names a problem or is "". `read` is False when something was typed that cannot be
    used. `more` holds further columns the same cell speaks about, such as an extension.
    """

    text: str = ""
    code: str = ""
    read: bool = True
    more: tuple[tuple[str, str], ...] = ()


Reader = Callable[[str], Cell]

EMPTY = Cell()
NONE_WORDS = frozenset(
    ("", "-", "--", "~", "*", "なし", "無し", "無", "ナシ", "未定", "特になし", "該当なし")
)
_DASHES = {ord(c): "-" for c in "‐‑‒–—―−─ｰ"} | {ord(c): "~" for c in "〜∼～"}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"\s+")
_LONG_MARK = re.compile(r"(?<=\d)ー(?=\d)|^ー+$")


def unread(code: str) -> Cell:
    """A cell in which something was typed that cannot be used."""
    return Cell("", code, read=False)


def plain(text: str) -> str:
    """The text in NFKC with one kind of dash and wave, no invisible marks, ends trimmed.

    For numbers, dates, codes and headers only: names keep the glyphs that were typed.
    """
    if text.isascii():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_DASHES)
    return _LONG_MARK.sub("-", folded.strip())


def squeeze(text: str) -> str:
    """`plain` without any white space."""
    return _SPACES.sub("", plain(text))


_KANJI_RUN = re.compile("[〇零一二三四五六七八九十百千]+")
_DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNIT = {"十": 10, "百": 100, "千": 1000}


def kanji_to_digits(text: str) -> str:
    """The text with runs of kanji numerals written as digits: 二十三 and 二三 are both 23."""
    return _KANJI_RUN.sub(lambda run: _kanji_number(run[0]), text)


def _kanji_number(run: str) -> str:
    if not any(c in _UNIT for c in run):
        return "".join(str(_DIGIT[c]) for c in run)
    total, digit = 0, 0
    for c in run:
        if c in _UNIT:
            total += max(digit, 1) * _UNIT[c]
            digit = 0
        else:
            digit = _DIGIT[c]
    return str(total + digit)
