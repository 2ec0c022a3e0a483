"""The floor under every plan: most urgent and hardest visits first, best option each time."""

from collections.abc import Iterable

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.openings import Opening
from matching.engine.roster import Roster

PEOPLE_FIRST = 1 << 40


def fill(roster: Roster, openings: Iterable[Opening]) -> None:
    """Fill the seats still empty on these visits, one visit after the other."""
    for opening in sorted(openings, key=_hardest_first):
        if len(roster.seated[opening.index]) < opening.seats:
            _fill_one(roster, opening)


def _hardest_first(opening: Opening) -> tuple[int, float, int]:
    return -opening.weight, len(opening.who) / max(opening.seats, 1), opening.index


def _fill_one(roster: Roster, opening: Opening) -> None:
    able = roster.free(opening)
    here = roster.seated[opening.index]
    able[np.isin(opening.who, here)] = False
    chosen = roster.option[opening.index]
    if chosen is not None:
        able[:, np.arange(able.shape[1]) != chosen] = False
    order = np.lexsort((opening.who, roster.load[opening.who], -opening.scores))
    taken = first_of_each_option(able[order], opening.seats - len(here))
    people = taken.sum(axis=0)
    people[people + len(here) < opening.minimum] = 0
    worth: Ints = people * PEOPLE_FIRST + opening.scores[order] @ taken
    option = int(worth.argmax()) if len(worth) else 0
    if len(worth) and people[option]:
        roster.seat(opening, option, opening.who[order][taken[:, option]].tolist())


def first_of_each_option(able: Bools, seats: int) -> Bools:
    """Keep in every column only the first `seats` people that are able."""
    kept: Bools = able & (np.cumsum(able, axis=0) <= seats)
    return kept
