"""Excel workbooks to rows: merged cells filled, formulas by their saved value, bombs refused."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import ParseError  # nosec B405

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
# What the libraries below raise for a file that is damaged in one place or another.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


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
    formulas = None
    try:
        values = _load(raw, data_only=True)
        if any(part.formulas for part in parts.values()):
            formulas = _load(raw, data_only=False)
    except _BROKEN as error:
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


def _load(raw: bytes, *, data_only: bool) -> Any:
    with _quiet():
        return openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=data_only)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's remarks on styles and links, which are no part of what we read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _typed_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    while True:
        with _quiet():
            row = next(rows, None)
        if row is None:
            return
        yield row


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
    except _BROKEN as error:
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
    filler = _Filler(merges)
    originals = None if typed is None else _typed_rows(typed)
    try:
        for line, values in enumerate(_typed_rows(sheet), 1):
            cells = [_text(value) for value in values]
            if originals is not None:
                _mark_formulas(cells, next(originals, ()))
            if filler.active:
                filler.fill(line, cells)
            yield Row(line, cells)
    except _BROKEN as error:
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
