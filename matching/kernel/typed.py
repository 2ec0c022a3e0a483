"""Text as people type it: without what no key writes and what only misleads who reads it."""

from __future__ import annotations

import re

# Control characters, halves of characters, marks that turn the direction of what follows.
_NEVER_TYPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r*[\n\u2028\u2029]")  # a lone return stays: sheets have it


LARGEST_ROW = 2**63 - 1
_LONGEST_NUMBER = 18  # every number of so many digits fits a column


def row_number(text: str) -> int | None:
    """Return the number of a row that somebody typed or sent; None for what cannot be one."""
    is_one = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_one else None


def cleaned(text: str) -> str:
    """Return the text without what nobody types, its lines ended in one way.

    Cleaning twice changes nothing more.
    """
    return _LINE_ENDS.sub("\n", _NEVER_TYPED.sub("", text))
