"""Reading one row: its cells, what is said beside them, and whether the row can stand."""

from dataclasses import replace
from typing import NamedTuple

from matching.cells.cell import Cell, unread
from matching.cells.escaping import unescape_cell
from matching.interchange.layouts import Layout, Target
from matching.interchange.limits import TEXT_CHARACTERS, Limits
from matching.interchange.problems import Problem, problem
from matching.interchange.rowchecks import check_row, hold
from matching.interchange.sheets import SheetKind, columns_of
from matching.interchange.workbooks import FORMULA_WITHOUT_VALUE

REPLACEMENT = "〓"
_SPREADSHEET_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "####")
_CACHED = 20_000
_WORDS_KEPT = frozenset(
    ("phone_note", "phone_more_than_one", "codes_unknown", "category_unknown", "time_not_used")
)
_TOO_LONG = ("text_too_long", "cell_too_long")
_VIRTUAL = "time_range"
_REFUSING = ("id", "required", "match")


class _Step(NamedTuple):
    cell: int
    name: str
    seen: dict[str, Cell]
    target: Target


class _Finding(NamedTuple):
    target: Target
    raw: str
    cell: Cell


class RowReader:
    """Reads rows of one layout and gathers their problems.

    Words that a record cannot hold are kept beside it under the column's name and `_text`.
    """

    def __init__(self, kind: SheetKind, layout: Layout, limits: Limits) -> None:
        self.problems: list[Problem] = []
        self.unread: set[tuple[int, str]] = set()
        self._kind = kind
        self._layout = layout
        self._limits = limits
        self._steps = [_Step(t.index, t.column.name, {}, t) for t in layout.targets]
        self._required = [t for t in layout.targets if t.column.weight == "required"]
        self._headings = {t.column.name: t.heading for t in layout.targets}
        self._fallback = {c.name: c.heading for c in columns_of(kind)}

    def read(self, line: int, cells: list[str]) -> dict[str, str] | None:
        """The record of one row, or None when the row is refused."""
        for first, other in self._layout.joined:
            cells = _with_joined(cells, first, other)
        record: dict[str, str] = {}
        findings: list[_Finding] = []
        width = len(cells)
        for index, name, seen, target in self._steps:
            raw = cells[index] if index < width else ""
            if not raw:
                record[name] = ""
                continue
            cell = seen.get(raw) or self._read_cell(target, raw, seen)
            record[name] = cell.text if cell.read else ""
            if cell.code or cell.more:
                findings.append(_Finding(target, raw, cell))
        refused = self._weigh(line, record, findings) if findings else False
        record.pop(_VIRTUAL, None)
        if self._requires(line, record) or refused or self._checks(line, record):
            return None
        return record

    def _read_cell(self, target: Target, raw: str, seen: dict[str, Cell]) -> Cell:
        # A table cannot hold NUL, so a cell of nothing else is an empty one.
        text = raw.replace("\0", "")
        text = unescape_cell(text) if self._layout.own_export else text
        cell = self._unusable(text) or _fitting(target.column.name, target.column.read(text))
        if len(seen) < _CACHED:
            seen[raw] = cell
        return cell

    def _unusable(self, text: str) -> Cell | None:
        if len(text) > self._limits.cell_characters:
            return unread("cell_too_long")
        if text == FORMULA_WITHOUT_VALUE:
            return unread("formula_without_value")
        if text.startswith("#") and text.strip().startswith(_SPREADSHEET_ERRORS):
            return unread("cell_error")
        if self._layout.own_export and REPLACEMENT in text:
            return unread("characters_missing")
        return None

    def _weigh(self, line: int, record: dict[str, str], findings: list[_Finding]) -> bool:
        refused = False
        unclear: list[Target] = []
        for target, raw, cell in findings:
            column = target.column
            for name, text in cell.more:
                record[name] = record.get(name) or text
            refuses = not cell.read and column.weight in _REFUSING
            refused = refused or refuses
            if cell.code:
                told = cell.text if cell.code == "text_too_long" else raw
                self._report(line, target.heading, cell.code, told, column.name, refuses)
            if cell.code in _WORDS_KEPT or not (cell.read or cell.code in _TOO_LONG):
                record[f"{column.name}_text"] = raw.strip()
            if not cell.read:
                self.unread.add((line, column.name))
            if column.weight == "condition" and (not cell.read or cell.code == "codes_unknown"):
                unclear.append(target)
        if unclear and hold(record):
            self._report(line, unclear[0].heading, "condition_unclear", "", unclear[0].column.name)
        return refused

    def _requires(self, line: int, record: dict[str, str]) -> bool:
        missing = [t for t in self._required if not record[t.column.name]]
        for target in missing:
            if (line, target.column.name) not in self.unread:
                self._report(line, target.heading, "required_missing", "", target.column.name)
        return bool(missing)

    def _checks(self, line: int, record: dict[str, str]) -> bool:
        refused = False
        for name, code, refuses, typed in check_row(self._kind, record):
            heading = self._headings.get(name, self._fallback[name])
            self._report(line, heading, code, typed, name)
            refused = refused or refuses
            if code.startswith("coordinate") and not record[name]:
                self.unread.add((line, name))
        return refused

    def _report(
        self, line: int, heading: str, code: str, raw: str, name: str, refuses: bool = False
    ) -> None:
        found = problem(line, heading, code, raw, field=name)
        self.problems.append(replace(found, severity="error") if refuses else found)


def _fitting(name: str, cell: Cell) -> Cell:
    """The cell, unread where its text is longer than the column may be: then it tells the limit."""
    most = TEXT_CHARACTERS.get(name)
    if most is None or len(cell.text) <= most:
        return cell
    return Cell(f"{most:,}", "text_too_long", read=False)


def _with_joined(cells: list[str], first: int, other: int) -> list[str]:
    both = [cells[i] for i in (first, other) if i < len(cells) and cells[i].strip()]
    joined = cells + [""] * (first + 1 - len(cells))
    joined[first] = "、".join(both)
    return joined
