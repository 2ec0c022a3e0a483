"""A plan in the making: who sits where, and what each person can still take on."""

from collections.abc import Sequence

import numpy as np

from matching.engine.arrays import Bools
from matching.engine.openings import Opening
from matching.engine.problem import Problem
from matching.engine.timeline import Busy, reachable


class Roster:
    """Seats people on visits and never lets a limit or a journey be broken."""

    def __init__(self, problem: Problem, openings: Sequence[Opening]) -> None:
        self.problem = problem
        self.openings = openings
        self.option: list[int | None] = [None] * len(openings)
        self.seated: list[list[int]] = [[] for _ in openings]
        self._engaged: dict[int, list[Busy]] = {}
        self._minutes_left = problem.volunteers.minutes_left.copy()
        self._visits_left = problem.volunteers.visits_left.copy()
        self.load = problem.load.copy()

    def free(self, opening: Opening) -> Bools:
        """Return which [volunteer, option] of a visit could be added now."""
        minutes = self._minutes_left[opening.who[:, None], self.problem.month_of[opening.day]]
        visits = self._visits_left[opening.who[:, None], self.problem.week_of[opening.day]]
        able: Bools = opening.options & (minutes >= opening.ask.duration) & (visits >= 1)
        spans = (opening.start, opening.end)
        geography = self.problem.geography
        for row, volunteer in enumerate(opening.who.tolist()):
            for busy in self._engaged.get(volunteer, ()):
                able[row] &= reachable(geography, volunteer, opening.place, spans, busy)
        return able

    def in_reach_of_hours(self, opening: Opening, option: int) -> Bools:
        """Return which eligible people have hours and weekly visits left for an option."""
        day = int(opening.day[option])
        minutes = self._minutes_left[opening.who, self.problem.month_of[day]]
        visits = self._visits_left[opening.who, self.problem.week_of[day]]
        enough: Bools = (minutes >= opening.ask.duration) & (visits >= 1)
        return enough

    def seat(self, opening: Opening, option: int, volunteers: Sequence[int]) -> None:
        """Add people to a visit at one of its options."""
        self.option[opening.index] = option
        self.seated[opening.index].extend(volunteers)
        self._take(opening, option, volunteers, 1)

    def clear(self, opening: Opening) -> None:
        """Take everybody off a visit."""
        option = self.option[opening.index]
        if option is None:
            return
        self._take(opening, option, self.seated[opening.index], -1)
        self.option[opening.index] = None
        self.seated[opening.index] = []

    def _take(self, opening: Opening, option: int, people: Sequence[int], sign: int) -> None:
        day = int(opening.day[option])
        who = np.array(people, dtype=np.int64)
        self._minutes_left[who, self.problem.month_of[day]] -= sign * opening.ask.duration
        self._visits_left[who, self.problem.week_of[day]] -= sign
        self.load[who] += sign
        busy = Busy(int(opening.start[option]), int(opening.end[option]), opening.place)
        for volunteer in people:
            spots = self._engaged.setdefault(volunteer, [])
            if sign > 0:
                spots.append(busy)
            else:
                spots.remove(busy)
