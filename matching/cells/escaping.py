"""Formula-safe cells: what a spreadsheet might run is written with an apostrophe before it."""

import re

EXPORT_MARK = "結びの書き出し"
"""Heading of an empty last column that tells our own exports, whose escapes are taken back."""

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "−")
_PLAIN_DASH = re.compile(r"[-－−ー–—]+")


def escape_cell(text: str) -> str:
    """The text as it may stand in a cell of a file that Excel opens; a plain dash stays."""
    if not text.lstrip("'").startswith(_STARTERS) or _PLAIN_DASH.fullmatch(text):
        return text
    return "'" + text


def unescape_cell(text: str) -> str:
    """The text before `escape_cell`; for cells of our own exports only."""
    return text[1:] if text.startswith("'") and escape_cell(text[1:]) == text else text
