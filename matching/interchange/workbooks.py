"""Excel workbooks to rows: merged cells filled, formulas by their saved value, bombs refused."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.cell import range_boundaries

from matching.interchange.delimited import Row
from matching.interchange.limits import Limits
from matching.interchange.problems import SheetError

FORMULA_WITHOUT_VALUE = "#FORMULA!"
_CHUNK = 1 << 20
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNSAFE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.I)
_OVERLAP = 64


class Worksheet(NamedTuple):
    """A sheet's name, its rows, and the lines in which cells are merged sideways."""

    name: str
    rows: Iterator[Row]
    merged_lines: frozenset[int]


class _Part(NamedTuple):
    merges: tuple[tuple[int, int, int, int], ...]
    formulas: bool


def worksheets(raw: bytes, limits: Limits) -> list[Worksheet]:
    """The visible sheets in order; rows are read as they are asked for."""
    parts = _inspect(raw, limits)
    try:
        values = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True)
        formulas = None
        if any(part.formulas for part in parts.values()):
            formulas = openpyxl.load_workbook(BytesIO(raw), read_only=True)
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, ParseError) as error:
        raise SheetError("workbook_broken", encoding="xlsx") from error
    sheets = []
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            continue
        part = parts.get(_part_name(sheet), _Part((), False))
        typed = formulas[sheet.title] if formulas is not None and part.formulas else None
        wide = frozenset(top for left, top, right, _ in part.merges if right > left)
        sheets.append(Worksheet(sheet.title, _rows(sheet, typed, part.merges), wide))
    return sheets


def _part_name(sheet: Any) -> str:
    return str(sheet._worksheet_path).lstrip("/")


def _inspect(raw: bytes, limits: Limits) -> dict[str, _Part]:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            infos = archive.infolist()
            total = sum(info.file_size for info in infos)
            if total > limits.unzipped_bytes or total > limits.zip_ratio * max(len(raw), 10_000):
                raise SheetError("workbook_bomb", encoding="xlsx")
            parts = [info for info in infos if info.filename.lower().endswith((".xml", ".rels"))]
            return {info.filename: _inspect_part(archive, info, limits) for info in parts}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SheetError("workbook_broken", encoding="xlsx") from error


def _inspect_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> _Part:
    merges: dict[tuple[int, int, int, int], None] = {}
    formulas = False
    is_sheet = _SHEET_PART.fullmatch(info.filename) is not None
    with archive.open(info) as part:
        for chunk in _overlapping(part):
            if _UNSAFE.search(chunk):
                raise SheetError("workbook_unsafe", encoding="xlsx")
            if is_sheet:
                formulas = formulas or _FORMULA.search(chunk) is not None
                merges |= dict.fromkeys(_bounds(ref) for ref in _MERGE.findall(chunk))
            if len(merges) > limits.merged_ranges:
                raise SheetError("workbook_bomb", encoding="xlsx")
    return _Part(tuple(merges), formulas)


def _overlapping(part: IO[bytes]) -> Iterator[bytes]:
    tail = b""
    while chunk := part.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-_OVERLAP:]


def _bounds(reference: bytes) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference.decode())
    return int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)


def _rows(sheet: Any, typed: Any, merges: tuple[tuple[int, int, int, int], ...]) -> Iterator[Row]:
    sheet.reset_dimensions()
    filler = _Filler(merges)
    originals = None
    if typed is not None:
        typed.reset_dimensions()
        originals = typed.iter_rows(values_only=True)
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_text(value) for value in values]
            if originals is not None:
                _mark_formulas(cells, next(originals, ()))
            if filler.active:
                filler.fill(line, cells)
            yield Row(line, cells)
    except (KeyError, ValueError, TypeError, IndexError, ParseError, OSError) as error:
        raise SheetError("workbook_broken", encoding="xlsx") from error


def _mark_formulas(cells: list[str], originals: tuple[Any, ...]) -> None:
    for index, original in enumerate(originals):
        if not cells[index] and isinstance(original, str) and original.startswith("="):
            cells[index] = FORMULA_WITHOUT_VALUE


class _Filler:
    """Copies the value of each merged range right and down, row by row as they stream past."""

    def __init__(self, merges: tuple[tuple[int, int, int, int], ...]) -> None:
        self._waiting = sorted(merges, key=lambda m: m[1], reverse=True)
        self._open: list[tuple[int, int, int, str]] = []

    @property
    def active(self) -> bool:
        return bool(self._waiting or self._open)

    def fill(self, line: int, cells: list[str]) -> None:
        while self._waiting and self._waiting[-1][1] <= line:
            left, _, right, bottom = self._waiting.pop()
            value = cells[left - 1] if left <= len(cells) else ""
            self._open.append((left, right, bottom, value))
        for left, right, _, value in self._open:
            cells.extend([""] * (right - len(cells)))
            cells[left - 1 : right] = [value] * (right - left + 1)
        self._open = [merge for merge in self._open if merge[2] > line]


def _text(value: object) -> str:
    """A typed cell as the text a person would have typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    return _moment_text(value)


def _moment_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(value)
