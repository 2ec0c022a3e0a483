"""Prices of volunteers' limits, spread over every option of every visit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.limits import Apart, Hours, Limit, Moment, Week
from matching.engine.openings import Opening
from matching.engine.problem import Problem

Priced = Mapping[Limit, int]


class LimitPrices:
    """Whole prices ≥ 0 per limit, looked up by visit.

    Whatever the prices, they prove a bound as long as every limit holds for every plan; when a
    person's limits have changed, `renew` brings them up to date or lets go of them.
    """

    def __init__(self, problem: Problem, priced: Priced) -> None:
        self.problem = problem
        self._of: dict[int, dict[Limit, int]] = defaultdict(dict)
        for limit, price in priced.items():
            self._of[limit.volunteer][limit] = price
        self.total = sum(limit.most * price for limit, price in priced.items())
        self._lay_out()

    def _lay_out(self) -> None:
        people = len(self.problem.volunteers)
        self._touched: Bools = np.zeros(people, dtype=bool)
        self._touched[[volunteer for volunteer, mine in self._of.items() if mine]] = True
        self._by_length: dict[int, Ints] = {}
        self._weeks = np.zeros_like(self.problem.volunteers.visits_left)
        self._spans: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        moments: list[tuple[Moment, int]] = []
        self._hours: list[tuple[Hours, int]] = []
        for limit, price in (pair for mine in self._of.values() for pair in mine.items()):
            match limit:
                case Week():
                    self._weeks[limit.volunteer, limit.week] += price
                case Apart():
                    self._add_spans(limit, price)
                case Moment():
                    moments.append((limit, price))
                case Hours():
                    self._hours.append((limit, price))
        self._moments = _Moments(moments, people)

    def _add_spans(self, limit: Apart, price: int) -> None:
        who = limit.volunteer
        self._spans[limit.one].append((who, limit.one_from, limit.one_to, price))
        self._spans[limit.other].append((who, limit.other_from, limit.other_to, price))

    def renew(self, problem: Problem, volunteers: Iterable[int], gone: Iterable[int]) -> set[int]:
        """Keep to what is true of changed people and of visits that are gone.

        Returns the visits whose prices have changed although they have not.
        """
        grown = len(problem.volunteers) > len(self._touched)
        self.problem = problem
        lost, changed, other = set(gone), set(volunteers), set[int]()
        apart = {who for index in lost for who, _, _, _ in self._spans.get(index, ())}
        affected = sorted((changed | apart) & self._of.keys())
        for volunteer in affected:
            mine = self._of.pop(volunteer)
            self.total -= sum(limit.most * price for limit, price in mine.items())
            for limit, price in mine.items():
                visits = {limit.one, limit.other} if isinstance(limit, Apart) else set()
                if visits and (volunteer in changed or visits & lost):
                    other |= visits  # the way may be another one now
                    continue
                now = _as_it_is_now(problem, limit)
                self._of[volunteer][now] = self._of[volunteer].get(now, 0) + price
                self.total += now.most * price
        if affected or grown:
            self._lay_out()
        return other - lost

    def touched(self, opening: Opening) -> Bools:
        """Return which rows of a visit are people with a price."""
        return self._touched[opening.who]

    def of(self, opening: Opening, rows: Ints) -> Ints:
        """Return the price of each [row, option]."""
        who = opening.who[rows]
        months, weeks = self.problem.month_of[opening.days], self.problem.week_of[opening.days]
        by_day = self._of_length(opening.ask.duration)[who[:, None], months]
        by_day = by_day + self._weeks[who[:, None], weeks]
        price: Ints = by_day[:, opening.day_position]
        self._moments.add_to(price, opening, who)
        for volunteer, first, last, more in self._spans.get(opening.index, ()):
            inside = (opening.start >= first) & (opening.start <= last)
            price[np.ix_(who == volunteer, inside)] += more
        return price

    def _of_length(self, duration: int) -> Ints:
        if duration not in self._by_length:
            table = np.zeros_like(self.problem.volunteers.minutes_left)
            for limit, price in self._hours:
                table[limit.volunteer, limit.month] += duration // limit.unit * price
            self._by_length[duration] = table
        return self._by_length[duration]


def _as_it_is_now(problem: Problem, limit: Limit) -> Limit:
    """Return a limit of one person with what is left of it today."""
    people = problem.volunteers
    match limit:
        case Hours():
            left = int(people.minutes_left[limit.volunteer, limit.month])
            return limit._replace(most=max(left, 0) // limit.unit)
        case Week():
            left = int(people.visits_left[limit.volunteer, limit.week])
            return limit._replace(most=max(left, 0))
    return limit


class _Moments:
    """Prices of moments: what a stretch of time costs, by volunteer and day."""

    def __init__(self, priced: Sequence[tuple[Moment, int]], people: int) -> None:
        ordered = sorted(priced)
        who = np.array([moment.volunteer for moment, _ in ordered], dtype=np.int64)
        self._first = np.searchsorted(who, np.arange(people + 1))
        self._minute = np.array([moment.minute for moment, _ in ordered], dtype=np.int64)
        self._gap = np.array([moment.gap for moment, _ in ordered], dtype=np.int64)
        self._price = np.array([price for _, price in ordered], dtype=np.int64)

    def add_to(self, price: Ints, opening: Opening, who: Ints) -> None:
        """Add the prices of all moments that fall into each option."""
        first, count = self._first[who], self._first[who + 1] - self._first[who]
        rows = np.flatnonzero(count)
        if not len(rows):
            return
        first, count = first[rows], count[rows]
        edges = np.cumsum(count) - count
        at = np.arange(int(count.sum())) + np.repeat(first - edges, count)
        minute, gap = self._minute[at][:, None], self._gap[at][:, None]
        inside = (opening.start <= minute) & (minute < opening.end + gap)
        price[rows] += np.add.reduceat(inside * self._price[at][:, None], edges, axis=0)


def whole_prices(duals: Sequence[tuple[Limit, float]], unit: int) -> dict[Limit, int]:
    """Return duals as whole prices in 1/`unit` points; what is not above zero costs nothing."""
    prices = ((limit, round(dual * unit)) for limit, dual in duals)
    return {limit: price for limit, price in prices if price > 0}
