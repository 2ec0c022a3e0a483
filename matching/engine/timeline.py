"""Engagements of one volunteer in time, and whether two of them can both be kept (BR-20)."""

from typing import NamedTuple

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.geography import Geography


class Busy(NamedTuple):
    """An engagement in absolute minutes at a place."""

    start: int
    end: int
    place: int


def clash(geography: Geography, volunteer: int, one: Busy, other: Busy) -> bool:
    """Tell whether one person cannot keep both; a trip touching winter takes its minutes."""
    if one.end > other.start and other.end > one.start:
        return True
    winter = geography.winter_at(one.start) or geography.winter_at(other.start)
    travel = geography.minutes(volunteer, one.place, other.place, winter)
    return one.start < other.end + travel and other.start < one.end + travel


def reachable(
    geography: Geography, volunteer: int, place: int, spans: tuple[Ints, Ints], busy: Busy
) -> Bools:
    """Return which visits at a place (absolute starts, ends) do not clash with an engagement."""
    starts, ends = spans
    seasons = geography.seasons
    if len(seasons) == 1:
        travel: Ints | int = geography.minutes(volunteer, place, busy.place, True in seasons)
    else:
        here = geography.winter_at(busy.start)
        cold = [here or geography.winter_at(start) for start in starts.tolist()]
        slow, fast = (geography.minutes(volunteer, place, busy.place, w) for w in (True, False))
        travel = np.where(cold, slow, fast)
    apart: Bools = (starts >= busy.end + travel) | (busy.start >= ends + travel)
    return apart
