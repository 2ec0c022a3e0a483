"""A plan in the making: who sits where, and what each person can still take on."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.journeys import keep_apart
from matching.engine.objective import Parts
from matching.engine.openings import Opening
from matching.engine.problem import Problem
from matching.engine.timeline import Busy


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
        self.weighted_seats = self.score = 0
        self._load_cost = self._series = 0
        self._together = Counter(
            (o.ask.index, volunteer) for o in openings for volunteer in o.ask.locked[o.visit]
        )
        self._series = sum(visits - 1 for visits in self._together.values())
        self._engaged: dict[int, dict[int, Busy]] = {}
        self._visits_on = np.zeros((len(self.load), len(problem.month_of) + 2), dtype=np.int16)

    @property
    def parts(self) -> Parts:
        """What the plan achieves, seats that locks hold left out but for load and series."""
        return Parts(self.weighted_seats, self.score, self._load_cost, self._series)

    def sits_on(self, volunteer: int) -> list[int]:
        """Return the numbers of the visits a person sits on, in order."""
        return sorted(self._engaged.get(volunteer, ()))

    def free(self, opening: Opening, rows: slice | Ints = slice(None)) -> Bools:
        """Return which [volunteer, option] of a visit could be added now, for some rows."""
        who, problem = opening.who[rows], self.problem
        if not len(who):
            return np.zeros((0, len(opening.day)), dtype=bool)
        months, weeks = problem.month_of[opening.days], problem.week_of[opening.days]
        days: Bools = self.minutes_left[who[:, None], months] >= opening.ask.duration
        days &= self.visits_left[who[:, None], weeks] >= 1
        able: Bools = opening.options[rows] & days[:, opening.day_position]
        first, last = int(opening.days[0]), int(opening.days[-1])
        near = self._visits_on[who, first : last + 3].any(axis=1)
        for_travel = [
            (row, volunteer, list(self._engaged[volunteer].values()))
            for row in np.flatnonzero(near & able.any(axis=1)).tolist()
            for volunteer in [int(who[row])]
        ]
        if for_travel:
            keep_apart(problem.geography, opening, for_travel, able)
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
        busy = Busy(int(opening.start[option]), int(opening.end[option]), opening.place)
        for volunteer in volunteers:
            self._engaged.setdefault(volunteer, {})[opening.index] = busy

    def clear(self, opening: Opening) -> None:
        """Take everybody off a visit."""
        option = self.option[opening.index]
        if option is None:
            return
        people = self.seated[opening.index]
        self._take(opening, option, people, -1)
        for volunteer in people:
            del self._engaged[volunteer][opening.index]
        self.option[opening.index] = None
        self.seated[opening.index] = []

    def _take(self, opening: Opening, option: int, people: Sequence[int], sign: int) -> None:
        day = int(opening.day[option])
        who = np.array(people, dtype=np.int64)
        self.minutes_left[who, self.problem.month_of[day]] -= sign * opening.ask.duration
        self.visits_left[who, self.problem.week_of[day]] -= sign
        before = self.load[who]
        self._load_cost += int((before if sign > 0 else 1 - before).sum())
        self.load[who] = before + sign
        self._visits_on[who, day + 1] += sign
        self.weighted_seats += sign * opening.weight * len(people)
        self.score += sign * int(opening.scores[np.isin(opening.who, who)].sum())
        for pair in ((opening.ask.index, volunteer) for volunteer in people):
            self._series += sign * (self._together[pair] > (sign < 0))
            self._together[pair] += sign
