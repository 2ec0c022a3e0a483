"""Among equally good times, the earliest: a plan should not look as if dice had been thrown."""

import numpy as np

from matching.engine.roster import Roster


def tidy(roster: Roster) -> None:
    """Move every visit to the first option at which all its people can come."""
    for opening in roster.openings:
        option, people = roster.option[opening.index], list(roster.seated[opening.index])
        if not option:
            continue
        roster.clear(opening)
        rows = np.flatnonzero(np.isin(opening.who, people))
        together = roster.free(opening, rows).all(axis=0)
        roster.seat(opening, int(together.argmax()), people)
