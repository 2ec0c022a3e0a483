"""The most each visit can bring under fixed prices; together they bound every plan."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matching.engine.objective import Most
from matching.engine.openings import Opening
from matching.engine.pricing import CLOSED, Pricer, Prices, best_gain


class Ceiling(NamedTuple):
    """What one visit brings at most: in 1/unit points, its seats alone, and were people free."""

    value: int
    seats: int
    free_value: int
    free_seats: int
    free_score: int


NOTHING = Ceiling(0, 0, 0, 0, 0)


class Ceilings:
    """Ceilings of visits, added up; one visit can be looked at again when it has changed."""

    def __init__(self, pricer: Pricer, prices: Prices) -> None:
        self.pricer, self.prices = pricer, prices
        self.of: dict[int, Ceiling] = {}
        self._sum = NOTHING

    def look(self, openings: Iterable[Opening]) -> None:
        """Work out the ceilings of these visits, for the first time or again."""
        for opening in openings:
            self._put(opening.index, self._ceiling(opening))

    def drop(self, index: int) -> None:
        """Leave a visit out."""
        self._put(index, NOTHING)

    def _put(self, index: int, ceiling: Ceiling) -> None:
        old = self.of.get(index, NOTHING)
        pairs = zip(self._sum, old, ceiling, strict=True)
        self._sum = Ceiling(*(total - was + now for total, was, now in pairs))
        self.of[index] = ceiling

    def _ceiling(self, opening: Opening) -> Ceiling:
        if not opening.seats or len(opening.who) < opening.minimum:
            return NOTHING
        worth, pricer = self.pricer.worth, self.pricer
        rows, gain = pricer.gains(opening, self.prices)
        score = opening.scores[rows][:, None] * worth.unit
        seats_only = np.where(gain == CLOSED, CLOSED, gain - score)
        most = min(opening.seats, len(opening.who)) * opening.weight
        best = int(opening.scores[: opening.seats].sum())
        return Ceiling(
            best_gain(opening, gain),
            best_gain(opening, seats_only),
            most * worth.seat + best,
            most,
            best,
        )

    def most(self) -> Most:
        """Return what no plan exceeds.

        Prices relax people's limits; whatever they are, a plan that keeps the limits pays at
        most their `total`, so no plan is worth more than all ceilings and that.
        """
        unit, seat = self.pricer.worth.unit, self.pricer.worth.seat
        value = min((self._sum.value + self.prices.total) // unit, self._sum.free_value)
        seats = (self._sum.seats + self.prices.total) // (unit * seat)
        return Most(value, min(seats, self._sum.free_seats, value // seat), self._sum.free_score)
