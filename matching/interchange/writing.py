"""Records to a CSV file that Excel opens safely and that reads back unchanged."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal

from matching.cells.codes import label
from matching.cells.escaping import EXPORT_MARK, escape_cell
from matching.cells.weekdays import DAYS
from matching.cells.writing import hyphened_phone
from matching.interchange.columns import Column
from matching.interchange.rowreading import REPLACEMENT
from matching.interchange.sheets import SheetKind, columns_of

Encoding = Literal["utf-8-sig", "cp932"]
_KANJI_DAYS = dict(zip(DAYS, "月火水木金土日", strict=True))
# Characters that CP932 has in another shape only.
_LIKE = {"〜": "～", "−": "－", "—": "―", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢"}


@dataclass(frozen=True, slots=True)
class LostCharacters:
    """Characters of one cell that the file's encoding lacks; the cell shows 〓 or a like sign."""

    line: int
    column: str
    characters: str


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """The bytes of a file, its number of rows, and what its encoding could not hold."""

    content: bytes
    rows: int
    lost: list[LostCharacters] = field(default_factory=list)


def write_sheet(
    kind: SheetKind, records: Iterable[Mapping[str, str]], encoding: Encoding
) -> WrittenSheet:
    """Writes records of one of the sheets that `import` takes."""
    return write_columns(columns_of(kind), records, encoding)


def write_columns(
    sheet: Iterable[Column], records: Iterable[Mapping[str, str]], encoding: Encoding
) -> WrittenSheet:
    """Writes records of canonical text under our Japanese headings and labels."""
    columns = [column for column in sheet if not column.extra]
    headings = [column.heading for column in columns]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*headings, EXPORT_MARK])
    lost: list[LostCharacters] = []
    line, rows = 2, 0
    for record in records:
        cells = [_shown(column, record.get(column.name, "")) for column in columns]
        if encoding == "cp932":
            cells = [_fitted(cell, line, h, lost) for cell, h in zip(cells, headings, strict=True)]
        writer.writerow([*cells, ""])
        line += 1 + sum(cell.count("\n") for cell in cells)
        rows += 1
    return WrittenSheet(text.getvalue().encode(encoding), rows, lost)


def _shown(column: Column, text: str) -> str:
    if not text:
        return ""
    show = _SHOW.get(column.name)
    if show is not None:
        return show(text)
    if column.shape == "codes":
        return "、".join(label(column.table, code) for code in text.split(";"))
    if column.table:
        return label(column.table, text)
    return text if column.shape in ("integer", "decimal") else escape_cell(text)


def _fitted(cell: str, line: int, heading: str, lost: list[LostCharacters]) -> str:
    if _in_cp932(cell):
        return cell
    missing = dict.fromkeys(character for character in cell if not _in_cp932(character))
    lost.append(LostCharacters(line, heading, "".join(missing)))
    return "".join(_LIKE.get(c, REPLACEMENT) if c in missing else c for c in cell)


def _in_cp932(text: str) -> bool:
    """Whether the text comes back as it is: Python writes some signs that read as others."""
    try:
        return text.encode("cp932").decode("cp932") == text
    except UnicodeEncodeError:
        return False


def _hyphened_postal_code(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:]}"


def _days_in_kanji(text: str) -> str:
    return "・".join(_KANJI_DAYS[day] for day in text.split(";"))


def _hours_in_kanji(text: str) -> str:
    slots = (slot.split() for slot in text.split(";"))
    return "、".join(f"{_KANJI_DAYS[day]} {window}" for day, window in slots)


_SHOW: dict[str, Callable[[str], str]] = {
    "phone": hyphened_phone,
    "mobile": hyphened_phone,
    "proxy_phone": hyphened_phone,
    "postal_code": _hyphened_postal_code,
    "weekdays": _days_in_kanji,
    "availability": _hours_in_kanji,
}
