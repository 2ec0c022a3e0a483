"""The floor under every plan: most urgent and hardest visits first, best option each time."""

from collections.abc import Iterable

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.openings import Opening
from matching.engine.roster import Roster

PEOPLE_FIRST = 1 << 40
FIRST_LOOK = 48


def fill(roster: Roster, openings: Iterable[Opening]) -> None:
    """Fill the seats still empty on these visits, one visit after the other."""
    for opening in sorted(openings, key=_hardest_first):
        if len(roster.seated[opening.index]) < opening.seats:
            _fill_one(roster, opening)


def _hardest_first(opening: Opening) -> tuple[int, float, int]:
    return -opening.weight, len(opening.who) / max(opening.seats, 1), opening.index


def _fill_one(roster: Roster, opening: Opening) -> None:
    """Look at the best people first, and at everybody when they do not fill the visit."""
    wanted = opening.seats - len(roster.seated[opening.index])
    for rows in (slice(FIRST_LOOK + 4 * wanted), slice(None)):
        option, people = _choose(roster, opening, rows, wanted)
        if len(people) == wanted or rows.stop is None or rows.stop >= len(opening.who):
            break
    if people:
        roster.seat(opening, option, people)


def _choose(roster: Roster, opening: Opening, rows: slice, wanted: int) -> tuple[int, list[int]]:
    """Return the option with most people, then most score, then the earliest, and its people."""
    who, scores = opening.who[rows], opening.scores[rows]
    able = roster.free(opening, rows)
    here = roster.seated[opening.index]
    able[np.isin(who, here)] = False
    chosen = roster.option[opening.index]
    if chosen is not None:
        able[:, np.arange(able.shape[1]) != chosen] = False
    order = np.lexsort((who, roster.load[who], -scores))
    taken = first_of_each_option(able[order], wanted)
    people = taken.sum(axis=0)
    people[people + len(here) < opening.minimum] = 0
    if not people.any():
        return 0, []
    worth: Ints = people * PEOPLE_FIRST + scores[order] @ taken
    option = int(worth.argmax())
    return option, who[order][taken[:, option]].tolist()


def first_of_each_option(able: Bools, seats: int) -> Bools:
    """Keep in every column only the first `seats` people that are able."""
    kept: Bools = able & (np.cumsum(able, axis=0) <= seats)
    return kept
