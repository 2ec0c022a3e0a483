"""What became of the rows of a sheet: added, changed, as they were, refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from matching.interchange.problems import Problem, problem
from matching.interchange.sheets import SheetKind, columns_of

ADDED, CHANGED, SAME = "created", "updated", "unchanged"


class Entry(NamedTuple):
    """One record and the line of the sheet it came from."""

    line: int
    record: Mapping[str, str]


@dataclass(slots=True)
class Tally:
    """Counts of rows by what became of them, with the lines refused and why."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def count(self, outcome: str) -> None:
        """Count one row as ADDED, CHANGED or SAME."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def report(self, kind: SheetKind, line: int, name: str, code: str, raw: str = "") -> None:
        """Note a problem of a column."""
        heading = next(column.heading for column in columns_of(kind) if column.name == name)
        self.problems.append(problem(line, heading, code, raw, field=name))

    def refuse(self, kind: SheetKind, line: int, name: str, code: str, raw: str = "") -> None:
        """Refuse a row because of a column."""
        self.refused.append(line)
        self.report(kind, line, name, code, raw)


def outcome_of(*changes: bool) -> str:
    """CHANGED where anything changed, else SAME."""
    return CHANGED if any(changes) else SAME
