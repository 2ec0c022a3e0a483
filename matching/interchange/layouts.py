"""From headings to columns: which cell of a row feeds which schema column, and what is unused."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from matching.cells.cell import squeeze
from matching.cells.escaping import EXPORT_MARK
from matching.interchange.columns import Column
from matching.interchange.headers import Header, fold_heading
from matching.interchange.problems import Problem, SheetError, problem
from matching.interchange.sheets import (
    RUNNING_NUMBER_HEADINGS,
    SheetKind,
    columns_of,
    id_column,
)

_RUNNING = frozenset(map(fold_heading, RUNNING_NUMBER_HEADINGS))
_MARK = fold_heading(EXPORT_MARK)


@dataclass(frozen=True, slots=True)
class Target:
    """A schema column and the cell it is read from."""

    index: int
    column: Column
    heading: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one file are read.

    `joined` holds cells to append to an earlier one of the same meaning; `running` is the
    cell whose heading may be a mere row count; `rearrange` brings a foreign row into order
    and `skip` names rows a foreign layout leaves out.
    """

    targets: tuple[Target, ...]
    columns: dict[str, str | None]
    problems: tuple[Problem, ...] = ()
    joined: tuple[tuple[int, int], ...] = ()
    running: int | None = None
    own_export: bool = False
    rearrange: Callable[[list[str]], list[str]] | None = None
    skip: Callable[[list[str]], bool] | None = None


def lay_out(header: Header, kind: SheetKind) -> Layout:
    """The layout of a sheet in our own or a neighbouring centre's headings."""
    by_name = {column.name: column for column in columns_of(kind)}
    targets: dict[str, Target] = {}
    joined: list[tuple[int, int]] = []
    problems: list[Problem] = []
    for index, (heading, name) in enumerate(zip(header.headings, header.fields, strict=True)):
        if name and name not in targets:
            targets[name] = Target(index, by_name[name], heading)
        elif name and by_name[name].shape == "codes":
            joined.append((targets[name].index, index))
        elif name:
            problems.append(problem(header.line, heading, "column_repeated", field=name))
        elif squeeze(heading) and fold_heading(heading) not in _RUNNING | {_MARK}:
            problems.append(problem(header.line, heading, "column_not_used"))
    require(kind, targets)
    return Layout(
        tuple(targets.values()),
        _named_columns(header),
        tuple(problems),
        tuple(joined),
        _running(kind, targets),
        any(fold_heading(heading) == _MARK for heading in header.headings),
    )


def require(kind: SheetKind, targets: Collection[str]) -> None:
    """Refuses a sheet that lacks a column without which no row can stand."""
    missing = [
        column.heading
        for column in columns_of(kind)
        if column.weight == "required" and column.name not in targets
    ]
    if missing:
        raise SheetError("column_missing", "、".join(missing))


def _named_columns(header: Header) -> dict[str, str | None]:
    columns: dict[str, str | None] = {}
    for heading, name in zip(header.headings, header.fields, strict=True):
        if heading.strip():
            columns.setdefault(heading, name or None)
    return columns


def _running(kind: SheetKind, targets: dict[str, Target]) -> int | None:
    target = targets.get(id_column(kind))
    if target is None or fold_heading(target.heading) not in _RUNNING:
        return None
    return target.index
