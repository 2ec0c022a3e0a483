"""Proven upper bounds: what the best plan could reach if people were paid for, not limited.

Prices (one whole number ≥ 0 per limit of a volunteer) relax the limits; whatever prices are
used, the result is a valid bound, because every plan that keeps the limits costs at most
their sum. Good prices (from the linear programme) make the bound tight.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from matching.engine.arrays import Ints
from matching.engine.greedy import first_of_each_option
from matching.engine.openings import Opening


class Prices(Protocol):
    """What one more engagement costs each person, in the unit of the values it is used with."""

    @property
    def total(self) -> int:
        """The price of all limits used up."""

    def of(self, opening: Opening) -> Ints | None:
        """Return the price of each [volunteer, option], or None where all are free."""


class NoPrices:
    """Everything is free: the bound that ignores people's limits."""

    total = 0

    def of(self, opening: Opening) -> Ints | None:
        """Return None: nothing costs anything."""
        return None


def upper_bound(
    openings: Sequence[Opening], prices: Prices, seat: int, score: int, unit: int = 1
) -> int:
    """Return a bound on `seat` x weighted seats + `score` x score over all plans.

    Prices are in 1/`unit` points of that value.
    """
    best = sum(_best(o, prices.of(o), seat * unit, score * unit) for o in openings)
    return (best + prices.total) // unit


def _best(opening: Opening, price: Ints | None, seat: int, score: int) -> int:
    """The most one visit can bring on any of its options."""
    if not len(opening.who) or not opening.seats or not len(opening.day):
        return 0
    worth = opening.weight * seat + opening.scores * score
    if price is None:
        taken = first_of_each_option(opening.options, opening.seats)
        enough = taken.sum(axis=0) >= opening.minimum
        return int((worth @ taken)[enough].max(initial=0))
    gain = np.where(opening.options, worth[:, None] - price, np.iinfo(np.int64).min // 4)
    gain = -np.sort(-gain, axis=0)[: opening.seats]
    must = np.arange(len(gain)) < opening.minimum
    if len(gain) < opening.minimum:
        return 0
    gain[~must] = np.maximum(gain[~must], 0)
    return max(int(gain.sum(axis=0).max()), 0)
