"""Keeping visits and engagements apart for many people at once."""

from collections.abc import Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.geography import Geography
from matching.engine.openings import Opening
from matching.engine.timeline import Busy

Engaged = tuple[int, int, Sequence[Busy]]
"""A row of the visit, its volunteer, and what this person has taken on."""


def keep_apart(
    geography: Geography, opening: Opening, people: Sequence[Engaged], able: Bools
) -> None:
    """Rule out in `able` the options that these people cannot reach from what they do else."""
    first, last = int(opening.start.min()), int(opening.end.max())
    close = [
        (row, volunteer, busy)
        for row, volunteer, engagements in people
        for way in [geography.longest_minutes(volunteer)]
        for busy in engagements
        if busy.start < last + way and first < busy.end + way
    ]
    if not close:
        return
    starts, ends = opening.start, opening.end
    begun = np.array([busy.start for _, _, busy in close])[:, None]
    done = np.array([busy.end for _, _, busy in close])[:, None]
    travel = _travel(geography, opening, close)
    apart = (starts >= done + travel) | (begun >= ends + travel)
    rows = np.array([row for row, _, _ in close])
    edges = np.flatnonzero(np.diff(rows, prepend=-1))
    able[rows[edges]] &= np.logical_and.reduceat(apart, edges, axis=0)


def _travel(geography: Geography, opening: Opening, close: Sequence[tuple[int, int, Busy]]) -> Ints:
    """Return travel minutes [engagement, option]; a trip touching winter takes its minutes."""
    by_season = {
        winter: np.array(
            [geography.minutes(v, opening.place, busy.place, winter) for _, v, busy in close]
        )[:, None]
        for winter in sorted(geography.seasons)
    }
    if len(by_season) == 1:
        [travel] = by_season.values()
        return travel
    cold = np.array([geography.winter_at(start) for start in opening.start.tolist()])
    here = np.array([geography.winter_at(busy.start) for _, _, busy in close])[:, None]
    return np.where(here | cold, by_season[True], by_season[False])
