"""Looking at one visit under prices: what it can bring at most, and by which choices.

Gains are whole numbers in 1/unit points: value of a person on an option minus its price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.greedy import first_of_each_option
from matching.engine.objective import Most
from matching.engine.openings import Opening

CLOSED = -(1 << 50)
"""The gain of an option that a person cannot take."""

SPARE_PEOPLE = 8


class Prices(Protocol):
    """What each option costs each person, in 1/unit points; `total` for all limits used up."""

    @property
    def total(self) -> int:
        """The price of all limits used up."""

    def touched(self, opening: Opening) -> Bools:
        """Return which rows of a visit are people with a price."""

    def of(self, opening: Opening, rows: Ints) -> Ints:
        """Return the price of each [row, option]."""


class NoPrices:
    """Everything is free: people's limits are not looked at."""

    total = 0

    def touched(self, opening: Opening) -> Bools:
        """Return that nobody has a price."""
        return np.zeros(len(opening.who), dtype=bool)

    def of(self, opening: Opening, rows: Ints) -> Ints:
        """Return zeros."""
        return np.zeros((len(rows), len(opening.day)), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one weighted seat and one point of score count, in points."""

    seat: int
    score: int
    unit: int = 1

    def of(self, opening: Opening, rows: Ints) -> Ints:
        """Return the value of people on a visit."""
        scores = opening.scores[rows] * self.score
        worth: Ints = (opening.weight * self.seat + scores) * self.unit
        return worth


def single(opening: Opening) -> bool:
    """Tell whether people can be looked at one by one: no shared choice of time, no minimum."""
    alone = opening.seats == 1 or opening.options.shape[1] == 1
    return alone and opening.minimum == 1


class Pricer:
    """Looks at visits under prices; remembers which people of a visit can matter at all.

    Among people without a price only the best of each option count: everybody else would
    merely stand behind them.
    """

    def __init__(self, openings: Sequence[Opening], worth: Worth) -> None:
        self.openings = [o for o in openings if o.seats and len(o.who) >= o.minimum]
        self.worth = worth
        self._front: dict[int, Ints] = {}

    def gains(self, opening: Opening, prices: Prices) -> tuple[Ints, Ints]:
        """Return rows of the visit, best score first, and their gain on every option."""
        rows = self._rows(opening, prices.touched(opening))
        value = self.worth.of(opening, rows)[:, None] - prices.of(opening, rows)
        return rows, np.where(opening.options[rows], value, CLOSED)

    def _rows(self, opening: Opening, touched: Bools) -> Ints:
        front = self._front.get(opening.index)
        if front is None:
            ahead = first_of_each_option(opening.options, 2 * opening.seats + SPARE_PEOPLE)
            front = self._front[opening.index] = np.flatnonzero(ahead.any(axis=1))
        if np.count_nonzero(touched[front]) > opening.seats + SPARE_PEOPLE:
            return np.arange(len(opening.who))
        return np.union1d(front, np.flatnonzero(touched))

    def forget(self, index: int) -> None:
        """Let go of what is remembered of a visit that has changed."""
        self._front.pop(index, None)

    def outline(self) -> Most:
        """Return a rough bound in points: everybody is free, and the best people take all seats."""
        seats = sum(o.weight * min(o.seats, len(o.who)) for o in self.openings)
        score = sum(int(o.scores[: o.seats].sum()) for o in self.openings)
        return Most(seats * self.worth.seat + score, seats, score)

    def upper_bound(self, prices: Prices) -> int:
        """Return a proven bound on the value of every plan.

        Prices relax people's limits; whatever they are, a plan that keeps the limits pays at
        most `total`, so no plan is worth more. Good prices make the bound tight.
        """
        gains = (self.gains(opening, prices)[1] for opening in self.openings)
        best = (best_gain(o, gain) for o, gain in zip(self.openings, gains, strict=True))
        return (sum(best) + prices.total) // self.worth.unit


def best_gain(opening: Opening, gain: Ints) -> int:
    """Return the most that a visit brings when it may choose its option and its people."""
    return max(int(option_gains(opening, gain).max(initial=0)), 0)


def option_gains(opening: Opening, gain: Ints) -> Ints:
    """Return what each option brings with its best people, CLOSED where the minimum is missed."""
    if len(gain) < opening.minimum:
        return np.full(gain.shape[1], CLOSED)
    top = _largest(gain, opening.seats)
    top[opening.minimum :] = np.maximum(top[opening.minimum :], 0)
    total: Ints = top.sum(axis=0)
    total[(top == CLOSED).any(axis=0)] = CLOSED
    return total


def _largest(gain: Ints, seats: int) -> Ints:
    """Return the `seats` largest gains of each option, largest first."""
    if seats == 1:
        return np.asarray(gain.max(axis=0, keepdims=True))
    return -np.sort(-gain, axis=0)[:seats]


class Few(NamedTuple):
    """How many choices of one visit are taken in at a time."""

    people: int
    """People of a visit at which each comes for herself."""
    options: int
    """Options of a visit for several people."""
    spare: int
    """People for each of these options, beyond its seats."""


def worth_adding(
    opening: Opening, rows: Ints, gain: Ints, dual: int, few: Few
) -> list[tuple[int, int]]:
    """Return the best few choices (option, row) that beat the dual of the visit."""
    if single(opening):
        option = gain.argmax(axis=1)
        best = gain[np.arange(len(gain)), option]
        order = np.argsort(-best, kind="stable")[: few.people]
        return [(int(option[n]), int(rows[n])) for n in order if best[n] > dual]
    total = option_gains(opening, gain)
    options = [int(o) for o in np.argsort(-total, kind="stable")[: few.options] if total[o] > dual]
    return [
        (option, int(rows[n]))
        for option in options
        for n in np.argsort(-gain[:, option], kind="stable")[: opening.seats + few.spare]
        if gain[n, option] > CLOSED
    ]


def still_possible(
    opening: Opening, prices: Prices, worth: Worth, spare: int
) -> list[tuple[int, int]]:
    """Return the choices (option, row) in plans at most `spare` points below the bound.

    A plan that contains any other choice of this visit is worth less, whatever the rest.
    """
    rows = np.arange(len(opening.who))
    value = worth.of(opening, rows)[:, None] - prices.of(opening, rows)
    gain = np.where(opening.options, value, CLOSED)
    total = option_gains(opening, gain)
    last = _largest(gain, opening.seats)[-1] if len(gain) >= opening.seats else CLOSED
    behind = np.maximum(np.maximum(last, 0) - gain, 0)
    loss = int(total.max(initial=0)) - total + behind
    kept = opening.options & (loss <= (spare + 1) * worth.unit)
    return [(option, row) for row, option in np.argwhere(kept).tolist()]
