"""Reading a sheet from a file: every row becomes a record or a refusal with its reason."""

from dataclasses import dataclass, field
from pathlib import Path

from matching.cells.cell import plain, squeeze
from matching.interchange.delimited import Row
from matching.interchange.foreign import lay_out_foreign
from matching.interchange.grids import Grid, open_grid
from matching.interchange.headers import known_headings
from matching.interchange.layouts import Layout, lay_out
from matching.interchange.limits import SHEET_LIMITS, Limits
from matching.interchange.mapping import Mapping
from matching.interchange.problems import Problem, SheetError, problem
from matching.interchange.rowreading import RowReader
from matching.interchange.sheets import SheetKind, id_column

_SUMS = frozenset(("合計", "計", "小計", "総計", "総合計", "以上"))


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a file said. `rows` = records + refused; blank rows, sums and remarks are not rows.

    A record holds the columns the sheet has, in schema names and canonical text ("" = not
    known); `lines[i]` is the line of `records[i]`. `unread` holds (line, field) of cells in
    which something was typed that could not be read. `columns`: heading -> field or None.
    """

    kind: SheetKind
    encoding: str = ""
    rows: int = 0
    records: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    columns: dict[str, str | None] = field(default_factory=dict)
    unread: frozenset[tuple[int, str]] = frozenset()
    refusal: Problem | None = None


def read_sheet(
    source: Path,
    kind: SheetKind,
    mapping: Mapping | None = None,
    limits: Limits = SHEET_LIMITS,
) -> SheetReading:
    """Reads one file; never raises for what is in it: a refused file has a `refusal`."""
    try:
        known = mapping.known_headings() if mapping else known_headings(kind)
        grid = open_grid(source, known, limits)
        layout = _layout(grid, kind, mapping)
        return _Reading(kind, grid, layout, limits).finish()
    except SheetError as refused:
        whole = refused.problem
        return SheetReading(kind, refused.encoding, problems=[whole], refusal=whole)


def _layout(grid: Grid, kind: SheetKind, mapping: Mapping | None) -> Layout:
    if mapping is None:
        return lay_out(grid.header, kind)
    if mapping.sheet != kind:
        raise SheetError("map_invalid", f"この対応表は {mapping.sheet} 用です。")
    return lay_out_foreign(grid.header, mapping)


class _Reading:
    def __init__(self, kind: SheetKind, grid: Grid, layout: Layout, limits: Limits) -> None:
        self._kind, self._grid, self._layout, self._limits = kind, grid, layout, limits
        self._reader = RowReader(kind, layout, limits)
        self._reader.problems += [*grid.problems, *layout.problems]
        self._records: list[dict[str, str]] = []
        self._lines: list[int] = []
        self._refused: list[int] = []
        self._count = 0
        self._previous_number: int | None = 0

    def finish(self) -> SheetReading:
        try:
            self._read_rows()
        except SheetError as refused:
            refused.encoding = self._grid.encoding
            raise
        if self._previous_number is not None and self._layout.running is not None:
            self._forget_numbers()
        self._drop_repeated()
        if not self._count:
            self._problem(0, "no_rows")
        return SheetReading(
            self._kind,
            self._grid.encoding,
            self._count,
            self._records,
            self._lines,
            sorted(self._reader.problems, key=lambda p: p.line),
            sorted(self._refused),
            self._columns(),
            frozenset(self._reader.unread),
        )

    def _read_rows(self) -> None:
        rearrange = self._layout.rearrange
        for row in self._grid.rows:
            if not row.code and self._is_no_record(row.cells):
                continue
            if self._layout.skip is not None and self._layout.skip(row.cells):
                self._problem(row.line, "row_skipped")
                continue
            self._count += 1
            if self._count > self._limits.rows:
                raise SheetError("too_many_rows", f"{self._limits.rows:,}")
            code = row.code or self._shape_problem(row.cells)
            if code:
                self._refuse(row.line, code, row.raw)
                continue
            self._follow_number(row.cells)
            cells = rearrange(row.cells) if rearrange else row.cells
            self._keep(row, self._reader.read(row.line, cells))

    def _keep(self, row: Row, record: dict[str, str] | None) -> None:
        if record is None:
            self._refused.append(row.line)
            return
        self._records.append(record)
        self._lines.append(row.line)

    def _is_no_record(self, cells: list[str]) -> bool:
        first = next((cell for cell in cells if cell and cell.strip()), None)
        if first is None:
            return True
        word = first.strip()
        if word[0] == "※" or (len(word) < 12 and squeeze(word) in _SUMS):
            return True
        if self._is_numbered_blank(cells):
            return True
        return tuple(map(str.strip, cells)) in self._grid.heads

    def _is_numbered_blank(self, cells: list[str]) -> bool:
        running = self._layout.running
        if running is None or running >= len(cells) or not cells[running].strip():
            return False
        return not any(c.strip() for i, c in enumerate(cells) if i != running)

    def _shape_problem(self, cells: list[str]) -> str:
        width = len(self._grid.header.headings)
        if len(cells) > self._limits.columns:
            raise SheetError("too_many_columns", str(self._limits.columns))
        beyond = self._grid.is_text and len(cells) > width
        return "row_too_wide" if beyond and any(c.strip() for c in cells[width:]) else ""

    def _follow_number(self, cells: list[str]) -> None:
        """Watches whether a column headed "No" only counts the rows of each page: 1, 2, 3 …"""
        running = self._layout.running
        if running is None or self._previous_number is None:
            return
        text = plain(cells[running]) if running < len(cells) else ""
        follows = text in (str(self._previous_number + 1), "1")
        self._previous_number = int(text) if follows else None

    def _forget_numbers(self) -> None:
        for record in self._records:
            record.pop(id_column(self._kind), None)

    def _columns(self) -> dict[str, str | None]:
        columns = dict(self._layout.columns)
        if self._previous_number is not None and self._layout.running is not None:
            columns[self._grid.header.headings[self._layout.running]] = None
        return columns

    def _drop_repeated(self) -> None:
        name = id_column(self._kind)
        seen: dict[object, dict[str, str]] = {}
        keep: list[int] = []
        for place, record in enumerate(self._records):
            key = record.get(name) or tuple(record.items())
            first = seen.setdefault(key, record)
            if first is record:
                keep.append(place)
                continue
            code = "row_repeated" if first == record else "id_repeated"
            self._refuse(self._lines[place], code, record.get(name, ""), name)
        self._records = [self._records[place] for place in keep]
        self._lines = [self._lines[place] for place in keep]

    def _refuse(self, line: int, code: str, raw: str = "", name: str = "") -> None:
        self._refused.append(line)
        self._problem(line, code, raw, name)

    def _problem(self, line: int, code: str, raw: str = "", name: str = "") -> None:
        headings = (t.heading for t in self._layout.targets if t.column.name == name)
        self._reader.problems.append(problem(line, next(headings, ""), code, raw, field=name))
