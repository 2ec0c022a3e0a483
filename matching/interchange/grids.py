"""Opening a file: its bytes, its encoding, its header, and the rows under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from matching.evacuation.headings import is_city_list
from matching.interchange.decoding import ZIP_MAGIC, decode
from matching.interchange.delimited import Row, delimited_rows
from matching.interchange.headers import Header, find_header, fold_heading
from matching.interchange.limits import HEADER_SEARCH_ROWS, Limits
from matching.interchange.problems import Problem, SheetError, problem
from matching.interchange.workbooks import Worksheet, worksheets


@dataclass(frozen=True, slots=True)
class Grid:
    """An opened sheet; `rows` are the rows after the header, each read once as it is asked for.

    `heads` holds the header rows' cells, by which a repeated header is known.
    """

    encoding: str
    header: Header
    heads: frozenset[tuple[str, ...]]
    rows: Iterator[Row]
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """Whether rows were cut at delimiters, so that a stray one shifts cells."""
        return self.encoding != "xlsx"


def open_grid(source: Path, known: Mapping[str, str], limits: Limits) -> Grid:
    """Opens a CSV, TSV or XLSX file; raises SheetError when no header can be found."""
    raw = _bytes(source, limits)
    try:
        return _workbook(raw, known, limits) if raw.startswith(ZIP_MAGIC) else _text(raw, known)
    except RecursionError as error:
        raise SheetError("workbook_broken") from error


def _bytes(source: Path, limits: Limits) -> bytes:
    try:
        with source.open("rb") as file:
            raw = file.read(limits.file_bytes + 1)  # a device has no size, and no end
    except OSError as error:
        raise SheetError("file_missing", source.name) from error
    if len(raw) > limits.file_bytes:
        raise SheetError("file_too_large", f"{limits.file_bytes >> 20} MB")
    return raw


def _text(raw: bytes, known: Mapping[str, str]) -> Grid:
    decoded = decode(raw)

    def count_known(cells: list[str]) -> int:
        return len({known[key] for key in map(fold_heading, cells) if key in known})

    rows = delimited_rows(decoded, count_known)
    grid = _under_header(decoded.encoding, rows, known)
    if grid is None:
        raise SheetError("header_not_found", _example(known), decoded.encoding)
    if "\ufffd" in decoded.text and not decoded.bad_lines:
        grid.problems.append(problem(grid.header.line, "", "characters_lost"))
    return grid


def _workbook(raw: bytes, known: Mapping[str, str], limits: Limits) -> Grid:
    found: Grid | None = None
    unused: list[Problem] = []
    for sheet in worksheets(raw, limits):
        grid = _of_worksheet(sheet, known) if found is None else None
        if grid is None:
            unused.append(problem(0, "", "sheet_not_used", sheet.name))
        found = found or grid
    if found is None:
        raise SheetError("header_not_found", _example(known), "xlsx")
    found.problems.extend(unused)
    return found


def _of_worksheet(sheet: Worksheet, known: Mapping[str, str]) -> Grid | None:
    return _under_header("xlsx", sheet.rows, known, sheet.merged_lines)


def _under_header(
    encoding: str,
    rows: Iterator[Row],
    known: Mapping[str, str],
    merged: frozenset[int] = frozenset(),
) -> Grid | None:
    head = list(islice(rows, HEADER_SEARCH_ROWS + 1))
    header = find_header(head, known, merged)
    if header is None:
        return None
    place = next(i for i, row in enumerate(head) if row.line == header.line)
    below = place + header.rows
    if is_city_list([cell for row in head[:below] for cell in row.cells]):
        raise SheetError("city_list", "", encoding)
    heads = frozenset(tuple(map(str.strip, row.cells)) for row in head[place:below])
    return Grid(encoding, header, heads, chain(head[below:], rows))


def _example(known: Mapping[str, str]) -> str:
    return "、".join(list(known)[:6:2])
