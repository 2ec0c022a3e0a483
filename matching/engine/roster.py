"""A plan in the making: who sits where, and what each person can still take on."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.journeys import keep_apart
from matching.engine.objective import Parts
from matching.engine.openings import Opening
from matching.engine.problem import Ask, Problem
from matching.engine.timeline import Busy


class Roster:
    """Seats people on visits and never lets a limit or a journey be broken."""

    def __init__(self, problem: Problem, openings: Iterable[Opening]) -> None:
        self.problem = problem
        self.openings = openings if isinstance(openings, list) else list(openings)
        self.option: list[int | None] = [None] * len(self.openings)
        self.seated: list[list[int]] = [[] for _ in self.openings]
        self.minutes_left = problem.volunteers.minutes_left.copy()
        self.visits_left = problem.volunteers.visits_left.copy()
        self.load = problem.load.copy()
        self.weighted_seats = self.score = 0
        self._load_cost = self._series = 0
        self._together: Counter[tuple[int, int]] = Counter()
        self._engaged: dict[int, dict[int, Busy]] = {}
        self._visits_on = np.zeros((len(self.load), len(problem.month_of) + 2), dtype=np.int16)
        self.moved: set[int] = set()
        """Visits whose people have changed since somebody last cleared this."""
        for ask in problem.asks:
            self.hold(ask, 1)

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

    def hold(self, ask: Ask, sign: int) -> None:
        """Count the seats that locks hold on a need as parts of its series, or no longer."""
        for people in ask.locked:
            self._meet(ask, people, sign)

    def widen(self) -> None:
        """Make room for one more visit at the end."""
        self.option.append(None)
        self.seated.append([])

    def renew_person(self, volunteer: int) -> None:
        """Take over the limits of somebody who sits nowhere and is new or has changed."""
        problem, more = self.problem, len(self.problem.volunteers) - len(self.load)
        if more:
            self.minutes_left, self.visits_left, self._visits_on = (
                np.concatenate([table, np.zeros((more, table.shape[1]), table.dtype)])
                for table in (self.minutes_left, self.visits_left, self._visits_on)
            )
            self.load = np.concatenate([self.load, np.zeros(more, np.int64)])
        self.minutes_left[volunteer] = problem.volunteers.minutes_left[volunteer]
        self.visits_left[volunteer] = problem.volunteers.visits_left[volunteer]
        self.load[volunteer] = problem.load[volunteer]

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

    def unseat(self, opening: Opening, volunteer: int) -> None:
        """Take one person off a visit."""
        option = self.option[opening.index]
        if option is None:
            return
        self._take(opening, option, [volunteer], -1)
        del self._engaged[volunteer][opening.index]
        self.seated[opening.index].remove(volunteer)
        if not self.seated[opening.index]:
            self.option[opening.index] = None

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
        self.moved.add(opening.index)
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
        self._meet(opening.ask, people, sign)

    def _meet(self, ask: Ask, people: Sequence[int], sign: int) -> None:
        for pair in ((ask.index, volunteer) for volunteer in people):
            self._series += sign * (self._together[pair] > (sign < 0))
            self._together[pair] += sign
