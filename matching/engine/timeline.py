"""Engagements of one volunteer in time, and whether two of them can both be kept (BR-20)."""

from typing import NamedTuple

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.geography import Geography
from matching.engine.visits import DAY_MINUTES


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
    days = len(geography.winter_days)
    cold = np.array(geography.winter_days)[np.clip(starts // DAY_MINUTES, 0, days - 1)]
    cold |= geography.winter_at(busy.start)
    slow = geography.minutes(volunteer, place, busy.place, True) if cold.any() else 0
    fast = geography.minutes(volunteer, place, busy.place, False) if not cold.all() else 0
    travel = np.where(cold, slow, fast)
    apart: Bools = (starts >= busy.end + travel) | (busy.start >= ends + travel)
    return apart
