"""Makers of the files that tests read."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from matching.interchange.reading import SheetReading, read_sheet
from matching.interchange.sheets import SheetKind

Rows = Sequence[Sequence[str]]


def csv_bytes(
    rows: Rows, encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n"
) -> bytes:
    """The rows as a delimited text file."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook_bytes(rows: Sequence[Sequence[Any]], *merged: str, title: str = "名簿") -> bytes:
    """The rows as the only sheet of a workbook, with these ranges merged."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def read(
    folder: Path, content: bytes, kind: SheetKind = "volunteers", **options: Any
) -> SheetReading:
    """What the service reads from a file of this content."""
    source = folder / "sheet.csv"
    source.write_bytes(content)
    return read_sheet(source, kind, **options)


def read_rows(folder: Path, rows: Rows, kind: SheetKind = "volunteers") -> SheetReading:
    """What the service reads from these rows as plain CSV."""
    return read(folder, csv_bytes(rows), kind)


def codes(reading: SheetReading) -> list[tuple[int, str]]:
    """The line and code of every problem."""
    return [(problem.line, problem.code) for problem in reading.problems]
