"""The whole-number programme over the columns that can still matter."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import combinations

import numpy as np

from matching.engine.arrays import Floats
from matching.engine.columns import Column, Key
from matching.engine.limits import Hours, Week
from matching.engine.master import POINTS
from matching.engine.openings import Opening
from matching.engine.pricing import single
from matching.engine.roster import Roster
from matching.engine.separation import Separator
from matching.engine.solver import Rows, Solver

Places = dict[int, tuple[int, list[int]]]
"""Opening -> option and people."""

LATER = 1 << 40
"""A minute after everything."""


class Core:
    """Chooses among given columns with every limit between them written out."""

    def __init__(
        self,
        roster: Roster,
        columns: Sequence[Column],
        separator: Separator,
    ) -> None:
        self.roster = roster
        self.openings = openings = roster.openings
        self.columns = columns
        self.separator = separator
        self.rows = Rows()
        self.options: dict[tuple[int, int], int] = {}
        self.by_visit: dict[int, list[int]] = defaultdict(list)
        self.by_volunteer: dict[int, list[int]] = defaultdict(list)
        for number, column in enumerate(columns):
            self.by_visit[column.opening].append(number)
            self.by_volunteer[column.volunteer].append(number)
        for opening, numbers in self.by_visit.items():
            self._add_visit(openings[opening], numbers)
        for volunteer, numbers in self.by_volunteer.items():
            if len({columns[n].opening for n in numbers}) > 1:
                self._add_volunteer(volunteer, numbers)

    @property
    def width(self) -> int:
        """How many whole columns there are: choices first, then options of shared visits."""
        return len(self.columns) + len(self.options)

    def _add_visit(self, opening: Opening, numbers: Sequence[int]) -> None:
        if single(opening):
            self.rows.add([(n, 1.0) for n in numbers], opening.seats)
            return
        by_option: dict[int, list[int]] = defaultdict(list)
        for n in numbers:
            by_option[self.columns[n].option].append(n)
        chosen = []
        for option, people in by_option.items():
            at = self.width
            self.options[opening.index, option] = at
            chosen.append((at, 1.0))
            here = [(n, 1.0) for n in people]
            self.rows.add([*here, (at, -float(opening.seats))], 0.0)
            if opening.minimum > 1:
                short = [(n, -1.0) for n in people]
                self.rows.add([*short, (at, float(opening.minimum))], 0.0)
            for n in people:
                self.rows.add([(n, 1.0), (at, -1.0)], 0.0)
        self.rows.add(chosen, 1.0)

    def _add_volunteer(self, volunteer: int, numbers: Sequence[int]) -> None:
        mine = sorted(numbers, key=lambda n: (self.columns[n].start, n))
        self._add_hours(volunteer, mine)
        self._add_weeks(volunteer, mine)
        self._add_clashes(volunteer, mine)

    def _add_hours(self, volunteer: int, mine: Sequence[int]) -> None:
        for month in sorted({self.columns[n].month for n in mine}):
            left = int(self.roster.minutes_left[volunteer, month])
            lengths = {c.end - c.start for c in (self.columns[n] for n in mine)}
            for unit in (1, *sorted(lengths)):
                self._add_limit(Hours(volunteer, month, unit, left // unit), mine)

    def _add_weeks(self, volunteer: int, mine: Sequence[int]) -> None:
        for week in sorted({self.columns[n].week for n in mine}):
            left = int(self.roster.visits_left[volunteer, week])
            self._add_limit(Week(volunteer, week, left), mine)

    def _add_clashes(self, volunteer: int, mine: Sequence[int]) -> None:
        """One row per crowded moment, then one per visit and start for what is left by travel."""
        for inside in self._moments(mine):
            if len({self.columns[n].opening for n in inside}) > 1:
                self.rows.add([(n, 1.0) for n in inside], 1.0)
        for n, others in self._too_far(volunteer, mine):
            self.rows.add([(n, 1.0), *((other, 1.0) for other in others)], 1.0)

    def _moments(self, mine: Sequence[int]) -> Iterator[list[int]]:
        """Return who is on the way at each start, latest first, unless all are at the next."""
        numbers = np.array(mine)
        start = np.array([self.columns[n].start for n in mine])
        last = np.array([self.columns[n].end for n in mine]) + self.separator.gap
        minutes = np.unique(start)
        inside = (start <= minutes[:, None]) & (minutes[:, None] < last)
        earliest = np.where(inside, last, LATER).min(axis=1)
        fuller = earliest <= np.append(minutes[1:], LATER)
        for moment in np.flatnonzero(fuller)[::-1]:
            yield numbers[inside[moment]].tolist()

    def _too_far(self, volunteer: int, mine: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        apart: dict[tuple[int, int], list[int]] = defaultdict(list)
        longest = self._longest_way(volunteer, mine)
        for i, n in enumerate(mine):
            first = self.columns[n]
            for m in mine[i + 1 :]:
                second = self.columns[m]
                if second.start >= first.end + longest:
                    break
                overlap = second.start < first.end + self.separator.gap
                if first.opening == second.opening or overlap:
                    continue
                if self.separator.apart(volunteer, first, second):
                    apart[n, second.opening].append(m)
        for (n, _), others in apart.items():
            yield n, others

    def _longest_way(self, volunteer: int, mine: Sequence[int]) -> int:
        places = sorted({self.openings[self.columns[n].opening].place for n in mine})
        geography = self.roster.problem.geography
        ways = (geography.minutes(volunteer, a, b, True) for a, b in combinations(places, 2))
        return max(ways, default=0)

    def _add_limit(self, limit: Hours | Week, mine: Sequence[int]) -> None:
        uses = {n: use for n in mine if (use := limit.use(self.columns[n]))}
        most_of_visit: dict[int, int] = defaultdict(int)
        for n, use in uses.items():
            opening = self.columns[n].opening
            most_of_visit[opening] = max(most_of_visit[opening], use)
        if sum(most_of_visit.values()) > limit.most:
            self.rows.add([(n, float(use)) for n, use in uses.items()], limit.most)

    def solve(
        self, start: Container[Key], seed: int, nodes: int, seconds: float
    ) -> tuple[Places, int] | None:
        """Return the best choice and a bound on its value in points, or None.

        `start` marks the columns of a plan at hand; all of them must be among the columns.
        """
        solver = self.programme([column.value / POINTS for column in self.columns], seed)
        bound = solver.solve_whole(self.width, self.values(start), nodes, seconds)
        if bound is None:
            return None
        return self.read(solver.values()), int(np.floor(bound * POINTS + 1e-3))

    def programme(self, worth: Sequence[float], seed: int) -> Solver:
        """Return the programme with these values of the columns."""
        solver = Solver(seed)
        padded = np.zeros(self.width)
        padded[: len(worth)] = worth
        solver.add_columns(padded, np.ones(self.width), [()] * self.width)
        solver.add_rows(self.rows)
        return solver

    def values(self, start: Container[Key]) -> Floats:
        """Return the solution in which exactly these columns are taken."""
        values = np.zeros(self.width)
        for number, column in enumerate(self.columns):
            if column.key in start:
                values[number] = 1.0
                shared = self.options.get((column.opening, column.option))
                if shared is not None:
                    values[shared] = 1.0
        return values

    def read(self, values: Floats) -> Places:
        """Return who sits where in a solution."""
        chosen: Places = {}
        for number in np.flatnonzero(values[: len(self.columns)] > 0.5).tolist():
            column = self.columns[number]
            chosen.setdefault(column.opening, (column.option, []))[1].append(column.volunteer)
        return chosen
