"""Free text, which is stored as typed, and identifiers, which are stored in one spelling."""

import re

from matching.cells.cell import Cell, squeeze, unread
from matching.kernel.typed import cleaned

_EXCEL_TEXT = re.compile(r'="(.*)"')
_IDENTIFIER = re.compile(r"[\w][\w./#()-]{0,63}")
_BROKEN_NUMBER = re.compile(r"\d+(?:\.\d+)?E[+-]?\d+", re.I)
_DITTO = ("同上", "〃", "々")


def read_text(text: str) -> Cell:
    """The words as typed, formulas and line breaks included; spaces at the ends go."""
    return Cell(cleaned(text).strip(" \u3000"))


def read_identifier(text: str) -> Cell:
    """An id in half-width letters with its leading zeros."""
    wrapped = _EXCEL_TEXT.fullmatch(text.strip())
    folded = squeeze(wrapped[1] if wrapped else text)
    if folded in ("", "-"):
        return Cell()
    if folded in _DITTO or _BROKEN_NUMBER.fullmatch(folded) or not _IDENTIFIER.fullmatch(folded):
        return unread("id_invalid")
    return Cell(folded)
