"""Solving a folder of sheets with the planner alone, without a database."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from matching.engine import Booking, Options, build
from matching.engine.problem import Problem
from matching.engine.stopwatch import Stopwatch
from matching.interchange.engine_inputs import (
    DayUnknownError,
    FolderError,
    Record,
    options_from,
    past_offer_from,
    volunteer_from,
    waiting_need_from,
)
from matching.interchange.engine_output import as_text, document
from matching.interchange.engine_spread import plan_and_rank
from matching.interchange.engine_tables import (
    BLOCK_COLUMNS,
    BOOKING_COLUMNS,
    Known,
    place_problem,
    table_rows,
)
from matching.interchange.reading import read_sheet
from matching.interchange.sheets import SheetKind
from matching.interchange.storing.volunteers import OWN_LIMITS

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
        return [
            (line, self._careful(path.name, line, record, reading.unread))
            for line, record in zip(reading.lines, reading.records, strict=True)
        ]

    def _careful(
        self, name: str, line: int, record: Record, unread: Collection[tuple[int, str]]
    ) -> Record:
        """Pause somebody whose own limit cannot be read: it must not turn into no limit."""
        lost = [column for column in OWN_LIMITS if (line, column) in unread]
        for column in lost:
            text = f"{column} cannot be read: the person is not planned until it is corrected."
            self.report(name, line, column, "limit_unreadable", "error", text)
        return {**record, "status": "paused"} if lost else record

    def table(self, name: str, columns: Collection[str]) -> list[tuple[int, Record]]:
        """Return lines and rows of a small table; without its headings nothing can be solved.

        What the file keeps free or apart would be planned over, so that is refused.
        """
        rows, lacking = table_rows(self.path / name, columns)
        if lacking:
            missing = ", ".join(lacking)
            raise FolderError(
                f"{name} 1 {missing}: the heading is missing. Put {', '.join(columns)} into the "
                "first line, or take the file out of the folder."
            )
        return rows

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
    if deadline is not None and not math.isfinite(deadline):
        raise FolderError("The deadline must be a number of seconds, like 30.")
    watch = Stopwatch(deadline)
    problem, problems = load_folder(directory)
    plan, ranked = plan_and_rank(problem, seed, watch)
    content = document(plan, ranked, problems)
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
    known = Known(
        {record.get("volunteer_id", "") for _, record in volunteers} - {""},
        {record.get("need_id", "") for _, record in needs} - {""},
    )
    options = _options(folder, needs)
    problem = build(
        folder.convert("needs.csv", _identified(folder, needs, "need_id"), waiting_need_from),
        folder.convert(
            "volunteers.csv", _identified(folder, volunteers, "volunteer_id"), volunteer_from
        ),
        options=options,
        bookings=_bookings(folder, known),
        history=folder.convert("proposals.csv", past, past_offer_from),
        blocked=folder.convert(
            "blocks.csv", folder.table("blocks.csv", BLOCK_COLUMNS), known.block
        ),
    )
    return problem, folder.problems


def _options(folder: _Folder, needs: list[tuple[int, Record]]) -> Options:
    try:
        return options_from(folder.path / "options.json", [record for _, record in needs])
    except DayUnknownError as error:
        told = [found for found in folder.problems if found["file"] == "needs.csv"]
        if needs or not told:
            raise
        raise FolderError(
            "\n".join(["needs.csv has no row that can be used:", *map(line_of, told)])
        ) from error


def line_of(found: Mapping[str, Any]) -> str:
    """Return a problem as one line for people."""
    return "{file} {line} {column}: {text}".format(**found)


def _bookings(folder: _Folder, known: Known) -> list[Booking]:
    name = "bookings.csv"
    rows = folder.table(name, BOOKING_COLUMNS)
    for line, record in rows:
        if said := place_problem(record):
            folder.report(name, line, "lat", "place_unknown", "warning", said)
    return folder.convert(name, rows, known.booking)


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
