"""A plan in the making: who sits where, and what each person can still take on."""

from collections.abc import Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
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
        self.minutes_left = problem.volunteers.minutes_left.copy()
        self.visits_left = problem.volunteers.visits_left.copy()
        self.load = problem.load.copy()
        self._engaged: dict[int, list[Busy]] = {}
        self._visits_on: Ints = np.zeros(
            (len(self.load), len(problem.month_of) + 2), dtype=np.int64
        )

    @property
    def weighted_seats(self) -> int:
        """The seats that are taken, by the weight of their visits."""
        return sum(o.weight * len(self.seated[o.index]) for o in self.openings)

    def copy(self) -> "Roster":
        """Return a roster with the same people in the same seats."""
        twin = Roster(self.problem, self.openings)
        for opening, option, people in zip(self.openings, self.option, self.seated, strict=True):
            if option is not None:
                twin.seat(opening, option, people)
        return twin

    def free(self, opening: Opening, rows: slice | Ints = slice(None)) -> Bools:
        """Return which [volunteer, option] of a visit could be added now, for some rows."""
        who, problem = opening.who[rows], self.problem
        months, weeks = problem.month_of[opening.days], problem.week_of[opening.days]
        days: Bools = self.minutes_left[who[:, None], months] >= opening.ask.duration
        days &= self.visits_left[who[:, None], weeks] >= 1
        able: Bools = opening.options[rows] & days[:, opening.day_position]
        around = np.unique(opening.days[:, None] + np.arange(3))  # the day before and after too
        near = self._visits_on[who[:, None], around].any(axis=1)
        spans = (opening.start, opening.end)
        for row in np.flatnonzero(near & able.any(axis=1)):
            volunteer = int(who[row])
            for busy in self._engaged[volunteer]:
                able[row] &= reachable(problem.geography, volunteer, opening.place, spans, busy)
        return able

    def enough_left(self, opening: Opening, option: int) -> Bools:
        """Return which eligible people have hours and weekly visits left for an option."""
        day = int(opening.day[option])
        minutes = self.minutes_left[opening.who, self.problem.month_of[day]]
        visits = self.visits_left[opening.who, self.problem.week_of[day]]
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
        self.minutes_left[who, self.problem.month_of[day]] -= sign * opening.ask.duration
        self.visits_left[who, self.problem.week_of[day]] -= sign
        self.load[who] += sign
        self._visits_on[who, day + 1] += sign
        busy = Busy(int(opening.start[option]), int(opening.end[option]), opening.place)
        for volunteer in people:
            spots = self._engaged.setdefault(volunteer, [])
            if sign > 0:
                spots.append(busy)
            else:
                spots.remove(busy)
