"""The best value of a tiny instance, by trying every plan."""

from collections import Counter
from itertools import combinations

from .instance import Instance, Person
from .reading import Rules, Span, Visit
from .valuing import Value, booked

Stop = tuple[Visit, dict[int, list[Person]]]
"""A visit and, for each start, everybody who passes the gates then."""


class Search:
    """Goes through the visits one by one and remembers the best that was reached."""

    def __init__(self, instance: Instance) -> None:
        self.rules = Rules(instance)
        self.best: Value = (-1, 0, 0, 0)
        self.tried = 0
        self._load = booked(self.rules)
        self._spans: dict[str, list[Span]] = {p.id: [] for p in instance.people}
        self._together: Counter[tuple[str, str]] = Counter()
        self._stops = sorted(map(self._stop, self.rules.visits), key=lambda s: -s[0].weight)
        most = [v.weight * min(v.open_seats, _crowd(by_start)) for v, by_start in self._stops]
        self._still = [sum(most[at:]) for at in range(len(most) + 1)]

    def _stop(self, visit: Visit) -> Stop:
        able: dict[int, list[Person]] = {}
        for person in self.rules.instance.people:
            for start in self.rules.free_starts(person, visit):
                able.setdefault(start, []).append(person)
        return visit, able

    def run(self) -> Value:
        """Return the best value of all plans."""
        self._go(0, *self._from_locks())
        return self.best

    def _from_locks(self) -> Value:
        seats = 0
        for visit in self.rules.visits:
            for who in visit.held:
                seats += visit.weight
                self._together[visit.ask.id, who] += 1
        return seats, 0, 0, sum(count - 1 for count in self._together.values())

    def _go(self, at: int, seats: int, score: int, load: int, returns: int) -> None:
        self.tried += 1
        if at == len(self._stops):
            self.best = max(self.best, (seats, score, load, returns))
            return
        if seats + self._still[at] < self.best[0]:
            return
        visit, by_start = self._stops[at]
        for start, people in by_start.items():
            span = visit.span(start)
            fit = [p for p in people if self._fits(p, span)]
            for size in range(min(visit.open_seats, len(fit)), visit.least_more - 1, -1):
                for group in combinations(fit, size):
                    gain = self._take(visit, span, group)
                    self._go(
                        at + 1,
                        seats + visit.weight * size,
                        score + gain[0],
                        load - gain[1],
                        returns + gain[2],
                    )
                    self._give_back(visit, group)
        self._go(at + 1, seats, score, load, returns)

    def _fits(self, person: Person, span: Span) -> bool:
        mine = self._spans[person.id]
        return self.rules.fits(person, [*mine, span]) and not any(
            self.rules.collide(person, span, other) for other in mine
        )

    def _take(self, visit: Visit, span: Span, group: tuple[Person, ...]) -> tuple[int, int, int]:
        score = load = returns = 0
        for person in group:
            pair = (visit.ask.id, person.id)
            score += self.rules.instance.score(*pair)
            load += self._load[person.id]
            returns += self._together[pair] > 0
            self._spans[person.id].append(span)
            self._load[person.id] += 1
            self._together[pair] += 1
        return score, load, returns

    def _give_back(self, visit: Visit, group: tuple[Person, ...]) -> None:
        for person in group:
            self._spans[person.id].pop()
            self._load[person.id] -= 1
            self._together[visit.ask.id, person.id] -= 1


def _crowd(by_start: dict[int, list[Person]]) -> int:
    return max(map(len, by_start.values()), default=0)
