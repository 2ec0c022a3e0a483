"""Finding the limits that a fractional or a whole solution breaks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from matching.engine.columns import Column
from matching.engine.limits import Apart, Hours, Limit, Moment, Week
from matching.engine.openings import Opening
from matching.engine.problem import Problem
from matching.engine.timeline import Busy, clash
from matching.engine.visits import DAY_MINUTES

Part = tuple[Column, float]
SLACK = 1e-6


class Separator:
    """Knows the limits of every volunteer and names those a solution does not keep."""

    def __init__(self, problem: Problem, openings: Sequence[Opening], gap: int) -> None:
        self.problem = problem
        self.openings = openings
        self.gap = gap

    def broken(self, parts: Iterable[Part]) -> Iterator[Limit]:
        """Return the limits broken by columns taken in these parts (0…1)."""
        by_volunteer: dict[int, list[Part]] = defaultdict(list)
        for part in parts:
            by_volunteer[part[0].volunteer].append(part)
        for volunteer in sorted(by_volunteer):
            mine = by_volunteer[volunteer]
            if len(mine) > 1:
                yield from self._hours(volunteer, mine)
                yield from self._weeks(volunteer, mine)
                if sum(x for _, x in mine) > 1 + SLACK:
                    yield from self._moments(volunteer, mine)
                    yield from self._apart(volunteer, mine)

    def _hours(self, volunteer: int, mine: Sequence[Part]) -> Iterator[Limit]:
        for month in sorted({column.month for column, _ in mine}):
            there = [part for part in mine if part[0].month == month]
            left = int(self.problem.volunteers.minutes_left[volunteer, month])
            lengths = sorted({column.end - column.start for column, _ in there})
            for unit in (1, *lengths):
                limit = Hours(volunteer, month, unit, left // unit)
                if _exceeds(limit, there):
                    yield limit

    def _weeks(self, volunteer: int, mine: Sequence[Part]) -> Iterator[Limit]:
        for week in sorted({column.week for column, _ in mine}):
            limit = Week(volunteer, week, int(self.problem.volunteers.visits_left[volunteer, week]))
            if _exceeds(limit, mine):
                yield limit

    def _moments(self, volunteer: int, mine: Sequence[Part]) -> Iterator[Limit]:
        """One limit a day at most: the fullest start of that day."""
        worst: dict[int, tuple[float, int]] = {}
        for start in sorted({column.start for column, _ in mine}):
            used = sum(x for c, x in mine if c.start <= start < c.end + self.gap)
            day = start // DAY_MINUTES
            if used > 1 + SLACK and used > worst.get(day, (0.0, 0))[0] + SLACK:
                worst[day] = (used, start)
        for _, minute in worst.values():
            yield Moment(volunteer, minute, self.gap)

    def _apart(self, volunteer: int, mine: Sequence[Part]) -> Iterator[Limit]:
        seen: set[tuple[int, int, int]] = set()
        for (a, x), (b, y) in self._close(volunteer, mine):
            pair = a.opening, b.opening, a.start // DAY_MINUTES
            if a.opening == b.opening or pair in seen or b.start < a.end + self.gap:
                continue
            if x + y > 1 + SLACK or self._crowded(mine, a, b):
                limit = self.apart(volunteer, a, b)
                if limit is not None and _exceeds(limit, mine):
                    seen.add(pair)
                    yield limit

    def _close(self, volunteer: int, mine: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
        """Return the pairs with less time between them than this person's longest way."""
        longest = self.problem.geography.longest_minutes(volunteer)
        ordered = sorted(mine, key=lambda part: part[0].start)
        for number, first in enumerate(ordered):
            for second in ordered[number + 1 :]:
                if second[0].start - first[0].end >= longest:
                    break
                yield first, second

    def _crowded(self, mine: Sequence[Part], a: Column, b: Column) -> bool:
        return sum(x for c, x in mine if c.opening in (a.opening, b.opening)) > 1 + SLACK

    def apart(self, volunteer: int, first: Column, second: Column) -> Apart | None:
        """Return the limit on two visits that leave too little time for the way, if they do."""
        one, other = self.openings[first.opening], self.openings[second.opening]
        geography = self.problem.geography
        between = max(second.start - first.end, first.start - second.end)
        if between >= geography.longest_minutes(volunteer):
            return None
        busy = Busy(first.start, first.end, one.place)
        if not clash(geography, volunteer, busy, Busy(second.start, second.end, other.place)):
            return None
        winter = geography.winter_at(first.start) or geography.winter_at(second.start)
        way = geography.minutes(volunteer, one.place, other.place, winter)
        return Apart(
            volunteer,
            first.opening,
            first.start,
            min(_midnight(first), second.start + other.ask.duration + way - 1),
            second.opening,
            second.start,
            min(_midnight(second), first.start + one.ask.duration + way - 1),
        )


def _midnight(column: Column) -> int:
    return column.start // DAY_MINUTES * DAY_MINUTES + DAY_MINUTES - 1


def _exceeds(limit: Limit, parts: Iterable[Part]) -> bool:
    return sum(limit.use(column) * x for column, x in parts) > limit.most + SLACK
