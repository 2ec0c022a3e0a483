"""Why seats stay empty, and who comes closest to filling them."""

from dataclasses import replace

import numpy as np

from matching.engine.distances import home_km
from matching.engine.eligibility import sift
from matching.engine.gates import GATES, Gate
from matching.engine.openings import Opening
from matching.engine.plan import NearMiss, Reason, Unplaced
from matching.engine.problem import ELIGIBLE, Ask, Problem
from matching.engine.roster import Roster


def unplaced_seats(roster: Roster) -> tuple[Unplaced, ...]:
    """Return every visit with empty seats, with its reason."""
    short = (o for o in roster.openings if len(roster.seated[o.index]) < o.seats)
    return tuple(explained(roster, opening) for opening in short)


def explained(roster: Roster, opening: Opening) -> Unplaced:
    """Return the empty seats of a visit with their reason."""
    here = roster.seated[opening.index]
    reason, nearest = _reason(roster, opening, here)
    return Unplaced(
        need_id=opening.ask.input.need_id,
        visit=opening.visit + 1,
        missing=opening.seats - len(here),
        reason=reason,
        nearest=nearest,
    )


def _reason(roster: Roster, opening: Opening, here: list[int]) -> tuple[Reason, NearMiss | None]:
    others = np.flatnonzero(~np.isin(opening.who, here))
    if not len(others):
        return Reason.NO_ELIGIBLE, _nearest(roster.problem, opening)
    if int(opening.options.sum(axis=0).max()) < opening.minimum:
        return Reason.BELOW_MINIMUM, _nearest(roster.problem, opening)
    option = roster.option[opening.index]
    tried = range(len(opening.day)) if option is None else (option,)
    hours_left = np.zeros(len(opening.who), dtype=bool)
    for number in tried:
        hours_left |= roster.enough_left(opening, number) & opening.options[:, number]
    best = roster.problem.volunteer_id(int(opening.who[others[0]]))
    able = opening.options[others][:, list(tried)].any(axis=1)
    if able.any() and not hours_left[others].any():
        return Reason.HOURS, NearMiss(best, Gate.HOURS_LIMIT)
    if opening.minimum > 1 and not here:
        free = roster.free(opening).sum(axis=0).max(initial=0)
        if free:
            return Reason.BELOW_MINIMUM, NearMiss(best, Gate.TIME_CONFLICT)
    return Reason.ALL_BUSY, NearMiss(best, Gate.TIME_CONFLICT)


def _nearest(problem: Problem, opening: Opening) -> NearMiss | None:
    """The active person who gets furthest through the gates, the nearest home first."""
    ask = _only(opening.ask, opening.visit)
    first_gate = sift(problem, ask).first_gate
    tried = np.flatnonzero((first_gate != ELIGIBLE) & (first_gate > 0))
    if not len(tried):
        return None
    km = np.nan_to_num(home_km(problem, ask, tried), nan=np.inf)
    volunteer = int(tried[np.lexsort((tried, km, -first_gate[tried]))[0]])
    return NearMiss(problem.volunteer_id(volunteer), GATES[int(first_gate[volunteer])])


def _only(ask: Ask, visit: int) -> Ask:
    part = ask.options_of(visit)
    days, position = np.unique(ask.day[part], return_inverse=True)
    return replace(
        ask,
        days=days,
        visit=ask.visit[part],
        day=ask.day[part],
        day_position=position.astype(np.int64),
        time_position=ask.time_position[part],
        start=ask.start[part],
        first_option=(0, part.stop - part.start),
        seats=(ask.seats[visit],),
        minimum=(ask.minimum[visit],),
        locked=(ask.locked[visit],),
    )
