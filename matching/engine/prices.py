"""Prices of volunteers' limits, spread over every option of every visit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.limits import Apart, Hours, Limit, Moment, Week
from matching.engine.openings import Opening
from matching.engine.problem import Problem

Priced = Mapping[Limit, int]


class LimitPrices:
    """Whole prices ≥ 0 per limit, looked up by visit."""

    def __init__(self, problem: Problem, priced: Priced) -> None:
        self.problem = problem
        self.total = sum(limit.most * price for limit, price in priced.items())
        people = problem.volunteers
        self._touched: Bools = np.zeros(len(people), dtype=bool)
        self._touched[[limit.volunteer for limit in priced]] = True
        self._hours = [(k, p) for k, p in priced.items() if isinstance(k, Hours)]
        self._by_length: dict[int, Ints] = {}
        self._weeks = np.zeros_like(people.visits_left)
        for limit, price in priced.items():
            if isinstance(limit, Week):
                self._weeks[limit.volunteer, limit.week] += price
        self._moments = _Moments(
            {k: p for k, p in priced.items() if isinstance(k, Moment)}, len(people)
        )
        self._spans: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for limit, price in priced.items():
            if isinstance(limit, Apart):
                span = limit.volunteer, limit.one_from, limit.one_to, price
                self._spans[limit.one].append(span)
                span = limit.volunteer, limit.other_from, limit.other_to, price
                self._spans[limit.other].append(span)

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


class _Moments:
    """Prices of moments: what a stretch of time costs, by volunteer and day."""

    def __init__(self, priced: Mapping[Moment, int], people: int) -> None:
        self._touched: Bools = np.zeros(people, dtype=bool)
        self._touched[[moment.volunteer for moment in priced]] = True
        self._of: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for moment, price in priced.items():
            self._of[moment.volunteer].append((moment.minute, moment.gap, price))

    def add_to(self, price: Ints, opening: Opening, who: Ints) -> None:
        """Add the prices of all moments that fall into each option."""
        for row in np.flatnonzero(self._touched[who]).tolist():
            for minute, gap, more in self._of[int(who[row])]:
                inside = (opening.start <= minute) & (minute < opening.end + gap)
                price[row, inside] += more


def whole_prices(duals: Sequence[tuple[Limit, float]], unit: int) -> dict[Limit, int]:
    """Return duals as whole prices in 1/`unit` points; what is not above zero costs nothing."""
    prices = ((limit, round(dual * unit)) for limit, dual in duals)
    return {limit: price for limit, price in prices if price > 0}
