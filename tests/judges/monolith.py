"""The whole question as one linear programme in whole numbers, for any solver.

A place variable says that a person is on a visit at a start, a slot variable that the visit takes
place then. Rows are as tight as they can be stated at once: of two visits of one person, a start
of one excludes all starts of the other that collide with it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from .instance import Instance, Person
from .reading import DAY, Rules, Visit, length

FULL_SCORE = 1000


@dataclass
class Row:
    """A limit: the sum of these variables with these factors is at most `most`."""

    variables: list[int]
    factors: list[int]
    most: int


@dataclass
class Monolith:
    """Yes-or-no variables with what each is worth, and all rows."""

    instance: Instance
    worth: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rules = Rules(self.instance)
        seats = sum(visit.ask.most for visit in self.rules.visits)
        self.seat = FULL_SCORE * seats + 1
        self._mine: dict[str, list[tuple[Visit, dict[int, int]]]] = defaultdict(list)
        for visit in self.rules.visits:
            self._add(visit)
        for who, places in self._mine.items():
            self._person(self.rules.people[who], places)

    def parts(self, value: int) -> tuple[int, int]:
        """Return weighted seats and score of a value."""
        return divmod(value, self.seat)

    def _new(self, worth: int) -> int:
        self.worth.append(worth)
        return len(self.worth) - 1

    def _add(self, visit: Visit) -> None:
        coming: dict[int, list[int]] = defaultdict(list)
        for person in self.instance.people:
            worth = visit.weight * self.seat + self.instance.score(visit.ask.id, person.id)
            places = {s: self._new(worth) for s in self.rules.free_starts(person, visit)}
            if places:
                self._mine[person.id].append((visit, places))
            for start, variable in places.items():
                coming[start].append(variable)
        slots = []
        for people in coming.values():
            slots.append(slot := self._new(0))
            ones = [1] * len(people)
            self.rows.append(Row([*people, slot], [*ones, -visit.open_seats], 0))
            self.rows += [Row([one, slot], [1, -1], 0) for one in people if visit.open_seats > 1]
            if visit.least_more > 1:
                self.rows.append(Row([*people, slot], [*(-1 for _ in ones), visit.least_more], 0))
        if slots:
            self.rows.append(Row(slots, [1] * len(slots), 1))

    def _person(self, person: Person, mine: list[tuple[Visit, dict[int, int]]]) -> None:
        for (one, here), (other, there) in combinations(mine, 2):
            if _apart(here, there):
                continue
            spans = [(other.span(t), w) for t, w in there.items()]
            for start, variable in here.items():
                span = one.span(start)
                near = [(at, w) for at, w in spans if abs(at.begins - start) < DAY]
                shut = [w for at, w in near if self.rules.collide(person, span, at)]
                if shut:
                    self.rows.append(Row([variable, *shut], [1] * (len(shut) + 1), 1))
        self.rows += self._limits(person, mine)

    def _limits(self, person: Person, mine: list[tuple[Visit, dict[int, int]]]) -> Iterator[Row]:
        months: dict[tuple[int, int], Row] = {}
        weeks: dict[int, Row] = {}
        for visit, places in mine:
            for start, variable in places.items():
                on = date.fromordinal(start // DAY)
                if person.month_hours is not None:
                    row = months.setdefault(
                        (on.year, on.month), Row([], [], int(person.month_hours * 60))
                    )
                    row.variables.append(variable)
                    row.factors.append(length(visit.ask))
                if person.week_visits is not None:
                    row = weeks.setdefault(
                        on.toordinal() - on.weekday(), Row([], [], person.week_visits)
                    )
                    row.variables.append(variable)
                    row.factors.append(1)
        yield from months.values()
        yield from weeks.values()


def _apart(here: dict[int, int], there: dict[int, int]) -> bool:
    """Tell whether two visits are whole days from each other, so that they never collide."""
    return min(here) - max(there) > DAY or min(there) - max(here) > DAY
