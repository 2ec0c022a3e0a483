"""Choices and lists of codes: whole labels are matched before a list is split."""

import re
from functools import cache, partial

from matching.cells.cell import EMPTY, Cell, Reader, plain, squeeze, unread
from matching.cells.codes import spellings

_STRONG = re.compile(r"[、,;/|\n]")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_ENDING = re.compile(r"(?:など|等|[!。])+$")
_NOTHING = frozenset(("", "-", "なし", "無し", "特になし", "未定", "特に無し", "無"))
_KATAKANA = re.compile("[ァ-ヶ]")
_MAX_DOTS = 12


def choice_reader(table: str) -> Reader:
    """Reads one code of a table; unknown words are unread, never guessed."""
    return partial(read_choice, table)


def codes_reader(table: str) -> Reader:
    """Reads a list of codes joined by ;."""
    return partial(read_codes, table)


def read_choice(table: str, text: str) -> Cell:
    """One code of the table by code, label or other spelling."""
    known = _spellings(table)
    folded = fold(text)
    code = known.get(folded) or known.get(fold(_BRACKETS.sub("", plain(text))))
    if code is not None:
        return Cell(code)
    return EMPTY if folded in _NOTHING else unread("choice_unknown")


def read_category(text: str) -> Cell:
    """One activity code; words of no known activity read as "other" and are marked."""
    cell = read_choice("category", text)
    return Cell("other", "category_unknown") if cell.code else cell


def read_codes(table: str, text: str) -> Cell:
    """Codes joined by ; in the order typed; what is not known is left out and marked."""
    known = _spellings(table)
    found: list[str] = []
    missed = False
    for part in _parts(known, plain(text)):
        if (code := known.get(fold(part))) is not None:
            found.append(code)
        else:
            missed = missed or fold(part) not in _NOTHING
    code = "codes_unknown" if missed else ""
    return Cell(";".join(dict.fromkeys(found)), code, read=not missed or bool(found))


def _parts(known: dict[str, str], text: str) -> list[str]:
    if fold(text) in known:
        return [text]
    pieces: list[str] = []
    for part in _STRONG.split(_BRACKETS.sub("", text)):
        pieces += _split_dots(known, part)
    return pieces


def _split_dots(known: dict[str, str], part: str) -> list[str]:
    """Splits at ・ and spaces, but keeps the longest run that is a label of its own."""
    if not part.strip() or fold(part) in known:
        return [part]
    words = [word for word in re.split(r"[・･\s]+", part) if word][:_MAX_DOTS]
    pieces: list[str] = []
    while words:
        size = next((n for n in range(len(words), 0, -1) if fold("・".join(words[:n])) in known), 1)
        pieces.append("・".join(words[:size]))
        words = words[size:]
    if len(pieces) > 1 and not any(fold(piece) in known for piece in pieces):
        return [part]
    return pieces


@cache
def _spellings(table: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for word, code in spellings(table):
        known.setdefault(fold(word), code)
    return known


def fold(text: str) -> str:
    """The key of a spelling: NFKC, hiragana, lower case, no spaces, no "etc." at its end."""
    folded = _ENDING.sub("", squeeze(text)).casefold()
    return _KATAKANA.sub(lambda c: chr(ord(c[0]) - 0x60), folded)
