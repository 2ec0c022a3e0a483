"""Solving a folder of sheets with the planner alone, without a database."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from matching.engine import build, rank, solve
from matching.engine.problem import Problem
from matching.interchange.engine_inputs import (
    FolderError,
    Record,
    booking_from,
    options_from,
    past_offer_from,
    volunteer_from,
    waiting_need_from,
)
from matching.interchange.engine_output import as_text, document
from matching.interchange.reading import read_sheet
from matching.interchange.sheets import SheetKind

Value = TypeVar("Value")


@dataclass
class _Folder:
    """What has been read so far, with everything that had to be left out."""

    path: Path
    problems: list[dict[str, Any]] = field(default_factory=list)

    def sheet(self, kind: SheetKind, required: bool) -> list[tuple[int, Record]]:
        """Return lines and records of one of the known sheets, read as the importer does."""
        path = self.path / f"{kind}.csv"
        if not path.exists():
            if required:
                raise FolderError(f"{path.name} is missing: put it into the folder.")
            return []
        reading = read_sheet(path, kind)
        for found in reading.problems:
            self.report(path.name, found.line, found.column, found.code, found.severity, found.text)
        if reading.refusal is not None and reading.refusal.code not in ("file_empty",):
            raise FolderError(f"{path.name}: {reading.refusal.text}")
        return list(zip(reading.lines, reading.records, strict=True))

    def table(self, name: str) -> list[tuple[int, Record]]:
        """Return lines and rows of a small table in plain UTF-8 CSV, where it exists."""
        path = self.path / name
        if not path.exists():
            return []
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                return [(rows.line_num, _strings(row)) for row in rows]
        except (UnicodeDecodeError, csv.Error) as error:
            raise FolderError(f"{name} cannot be read as UTF-8 CSV: {error}.") from error

    def convert(
        self,
        name: str,
        rows: Iterable[tuple[int, Record]],
        reader: Callable[[Record], Value | None],
    ) -> list[Value]:
        """Return the values of all rows that can be read; the others are reported."""
        values = []
        for line, record in rows:
            try:
                value = reader(record)
            except (KeyError, ValueError) as error:
                self.report(name, line, "", "row_not_usable", "error", str(error))
                continue
            if value is not None:
                values.append(value)
        return values

    def report(
        self, file: str, line: int, column: str, code: str, severity: str, text: str
    ) -> None:
        """Note a problem with a row."""
        self.problems.append(
            {
                "file": file,
                "line": line,
                "column": column,
                "code": code,
                "severity": severity,
                "text": text,
            }
        )


def solve_folder(
    directory: Path, out: Path, seed: int = 1, deadline: float | None = None
) -> dict[str, Any]:
    """Plan the folder's needs, write the document to `out` and return it.

    Rows that cannot be used are left out and listed under `problems`. Raises FolderError
    with a sentence when a needed file is missing or the options cannot be understood.
    """
    problem, problems = load_folder(directory)
    plan = solve(problem, seed=seed, deadline_seconds=deadline)
    content = document(plan, rank(problem), problems)
    try:
        out.write_text(as_text(content), encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{out.name} cannot be written: {error.strerror}.") from error
    return content


def load_folder(directory: Path) -> tuple[Problem, list[dict[str, Any]]]:
    """Return the problem a folder states and what had to be left out of it."""
    if not directory.is_dir():
        raise FolderError(f"{directory.name} is not a folder with volunteers.csv and needs.csv.")
    folder = _Folder(directory)
    volunteers = folder.sheet("volunteers", required=True)
    needs = folder.sheet("needs", required=True)
    past = folder.sheet("proposals", required=False)
    options = options_from(directory / "options.json", [record for _, record in needs])
    problem = build(
        folder.convert("needs.csv", _identified(folder, needs, "need_id"), waiting_need_from),
        folder.convert(
            "volunteers.csv", _identified(folder, volunteers, "volunteer_id"), volunteer_from
        ),
        options=options,
        bookings=folder.convert("bookings.csv", folder.table("bookings.csv"), booking_from),
        history=folder.convert("proposals.csv", past, past_offer_from),
        blocked=folder.convert("blocks.csv", folder.table("blocks.csv"), _pair),
    )
    return problem, folder.problems


def _pair(record: Record) -> tuple[str, str]:
    if not record.get("need_id") or not record.get("volunteer_id"):
        raise ValueError("A block needs need_id and volunteer_id.")
    return record["need_id"], record["volunteer_id"]


def _identified(
    folder: _Folder, rows: list[tuple[int, Record]], column: str
) -> list[tuple[int, Record]]:
    """Leave out rows without an id, or with one seen before."""
    seen: set[str] = set()
    kept = []
    for line, record in rows:
        name = record.get(column, "")
        if not name or name in seen:
            text = f"{column} {name!r} is empty or given twice; the row is left out."
            folder.report(column.removesuffix("_id") + "s.csv", line, column, "id", "error", text)
            continue
        seen.add(name)
        kept.append((line, record))
    return kept


def _strings(row: Mapping[str | Any, str | Any]) -> Record:
    return {str(name).strip(): (value or "").strip() for name, value in row.items() if name}
