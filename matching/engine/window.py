"""Planning some visits anew around everything else, which stays as it is."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from matching.engine.columns import Column, Key, Maker
from matching.engine.core import Core, Places
from matching.engine.openings import Opening
from matching.engine.roster import Roster
from matching.engine.separation import Separator
from matching.engine.solver import SolverError


def resettle(
    roster: Roster,
    visits: Collection[Opening],
    columns: Iterable[Column],
    separator: Separator,
    maker: Maker,
    *,
    seed: int,
    nodes: int,
    seconds: float,
    stay: int = 0,
) -> int | None:
    """Choose the best people for these visits; keep what is there unless better is found.

    `columns` are the choices to look at beside the present ones, which count `stay` points
    more. Returns a proven bound on the value (in points) of these visits over the columns
    that fit, or None.
    """
    before = lift(roster, visits)
    present = {
        key: column._replace(value=column.value + stay)
        for key, column in present_columns(roster, maker, before)
    }
    fitting = {column.key: column for column in _fitting(roster, visits, columns)}
    core = Core(roster, sorted({**fitting, **present}.values()), separator)
    try:
        found = core.solve(present.keys(), seed, nodes, seconds)
    except SolverError:
        put_down(roster, before)
        raise
    put_down(roster, before if found is None else found[0])
    return None if found is None else found[1]


def _fitting(
    roster: Roster, visits: Iterable[Opening], columns: Iterable[Column]
) -> Iterator[Column]:
    """Return the columns of these visits that fit around what the roster holds."""
    of_visit: dict[int, list[Column]] = {opening.index: [] for opening in visits}
    for column in columns:
        if column.opening in of_visit:
            of_visit[column.opening].append(column)
    for index, mine in of_visit.items():
        rows = np.array([column.row for column in mine], dtype=np.int64)
        different, position = np.unique(rows, return_inverse=True)
        free = roster.free(roster.openings[index], different)
        fits = free[position, [column.option for column in mine]]
        yield from (column for column, fit in zip(mine, fits.tolist(), strict=True) if fit)


def lift(roster: Roster, visits: Iterable[Opening]) -> Places:
    """Take everybody off these visits; return where they sat."""
    before: Places = {}
    for opening in visits:
        option = roster.option[opening.index]
        if option is not None:
            before[opening.index] = option, list(roster.seated[opening.index])
            roster.clear(opening)
    return before


def put_down(roster: Roster, places: Places) -> None:
    """Seat people where `places` has them."""
    for index, (option, people) in sorted(places.items()):
        roster.seat(roster.openings[index], option, people)


def present_columns(roster: Roster, maker: Maker, places: Places) -> Iterator[tuple[Key, Column]]:
    """Return the columns of people who sit where `places` has them."""
    for index, (option, people) in places.items():
        opening = roster.openings[index]
        for row in np.flatnonzero(np.isin(opening.who, people)).tolist():
            column = maker.make(opening, option, row)
            yield column.key, column
