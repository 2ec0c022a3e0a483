"""The name somebody signs in with: e-mail, phone or member number, folded into one writing."""

from __future__ import annotations

import re

from matching.cells.cell import plain
from matching.cells.phones import read_phone

LONGEST = 200
_PHONE = re.compile(r"[+(]?\d[\d() .-]{7,}")
_NUMBERED = re.compile(r"([a-z]{1,3})-?(\d+)")


def login_key(typed: str) -> str:
    """Return the folded name: full-width, dashes, case; phones as domestic digits; V-0012 as v0012.

    What is neither stays as it was typed, in small letters and without spaces at its ends.
    """
    folded = plain(typed[: LONGEST * 4]).lower()
    if _PHONE.fullmatch(folded):
        return read_phone(folded).text or folded
    numbered = _NUMBERED.fullmatch(folded)
    return "".join(numbered.groups()) if numbered else folded
