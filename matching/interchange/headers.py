"""Finding the header: its row, one or two rows deep, and the schema column of each heading."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from matching.cells.cell import squeeze
from matching.interchange.delimited import Row
from matching.interchange.limits import HEADER_SEARCH_ROWS
from matching.interchange.sheets import SheetKind, columns_of

ENOUGH_KNOWN = 3
_MARKS = re.compile(r"[※*]|\((?:必須|任意|必要|入力必須)\)")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is, and per column the heading as typed and the field it means ("")."""

    line: int
    rows: int
    headings: tuple[str, ...]
    fields: tuple[str, ...]


def fold_heading(text: str) -> str:
    """The key of a heading: NFKC, lower case, no spaces, line breaks, ※ * or （必須）."""
    return _MARKS.sub("", squeeze(text)).casefold()


def known_headings(kind: SheetKind) -> dict[str, str]:
    """Folded heading -> schema column; an earlier column's main heading wins over aliases."""
    known: dict[str, str] = {}
    for column in columns_of(kind):
        known.setdefault(fold_heading(column.heading), column.name)
        known.setdefault(fold_heading(column.name), column.name)
    for column in columns_of(kind):
        for alias in column.headings[1:]:
            known.setdefault(fold_heading(alias), column.name)
    return known


def find_header(
    rows: Sequence[Row], known: Mapping[str, str], merged: Set[int] = frozenset()
) -> Header | None:
    """The first of the first rows that reads as a header, else the likeliest; None if none."""
    search = rows[:HEADER_SEARCH_ROWS]
    for index, row in enumerate(search):
        below = rows[index + 1] if index + 1 < len(rows) else None
        joined = _joined(row, below, known, merged) if below is not None else None
        if joined is not None:
            return joined
        single = _single(row, known)
        filled = sum(1 for cell in row.cells if cell.strip())
        if _count(single) >= min(ENOUGH_KNOWN, max(filled, 1)):
            return single
    best = max((_single(row, known) for row in search), key=_count, default=None)
    return best if best is not None and _count(best) >= ENOUGH_KNOWN - 1 else None


def _joined(top: Row, below: Row, known: Mapping[str, str], merged: Set[int]) -> Header | None:
    both = _header(top.line, 2, _join(top.cells, below.cells), known)
    alone = max(_count(_single(row, known)) for row in (top, below))
    is_tied_by_merge = top.line in merged and len(set(filter(None, top.cells))) > 1
    if _count(both) < ENOUGH_KNOWN or any(any(c.isdigit() for c in cell) for cell in below.cells):
        return None
    return both if _count(both) > alone - is_tied_by_merge else None


def _join(top: Sequence[str], below: Sequence[str]) -> list[tuple[str, ...]]:
    joined: list[tuple[str, ...]] = []
    group = ""
    for index in range(max(len(top), len(below))):
        upper = top[index].strip() if index < len(top) else ""
        lower = below[index].strip() if index < len(below) else ""
        group = upper or group
        parts = (group, lower) if lower and group != lower else (upper or lower,)
        joined.append(tuple(part for part in parts if part))
    return joined


def _single(row: Row, known: Mapping[str, str]) -> Header:
    return _header(row.line, 1, [(cell,) for cell in row.cells], known)


def _header(
    line: int, rows: int, headings: Sequence[tuple[str, ...]], known: Mapping[str, str]
) -> Header:
    fields = tuple(_field(parts, known) for parts in headings)
    return Header(line, rows, tuple(" ".join(parts) for parts in headings), fields)


def _field(parts: tuple[str, ...], known: Mapping[str, str]) -> str:
    """The field of the joined heading, else of its own row, else of the row above it."""
    tries = ("".join(parts), *reversed(parts)) if len(parts) > 1 else parts
    return next((known[key] for key in map(fold_heading, tries) if key in known), "")


def _count(header: Header) -> int:
    return len(set(header.fields) - {""})
