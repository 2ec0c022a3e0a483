"""Column generation with lazy limits: prices for people's time, and a bound they prove."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.engine.columns import Column, Maker, Pool
from matching.engine.master import Master
from matching.engine.openings import Opening
from matching.engine.prices import LimitPrices, whole_prices
from matching.engine.pricing import CLOSED, Few, NoPrices, Pricer, Prices, best_gain, worth_adding
from matching.engine.problem import Problem
from matching.engine.separation import Separator
from matching.engine.stopwatch import Stopwatch

UNIT = 1000
ROUNDS = 100
NEW_PER_VISIT = 6
OPTIONS = 2
"""Options of a visit for several people that a round with prices takes in."""
TAIL = 1e-4
"""Relative drop of the relaxation below which more limits are not worth a round of their own."""

PATIENCE = 40_000
"""Columns looked at in rounds without a better bound before the search ends, limits broken or not.

Where many solutions are worth the same, the limits of several rounds must come together.
"""
LARGE = 20_000
"""Columns from which rounds that bring nothing are too dear to wait for at all."""

CLOSE = 2e-6
"""Relative distance of bound and relaxation at which more rounds are not worth it."""


MANY = 4_000
"""Visits from which the search is brisk."""


class Pace(NamedTuple):
    """How far the search goes, and in which steps."""

    enough: float
    """Relative distance from the bound at which a plan is good enough; 0: go on to the end."""
    options: int
    """Options of a visit for several people that are looked at before there are prices."""
    spare: int
    """People taken in for such an option beyond its seats."""


THOROUGH = Pace(enough=0.0, options=2, spare=1)
BRISK = Pace(enough=6e-4, options=1, spare=4)


Choice = tuple[Opening, int, int]
"""A visit, one of its options and one of its rows."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation's answer: columns met, prices, their bound in points, columns in use."""

    pool: Pool
    prices: Prices
    bound: int
    parts: list[tuple[Column, float]]
    enough: int = 0
    """How many points below the bound a plan is good enough."""


def pace_of(visits: int) -> Pace:
    """Return how so many visits are searched."""
    return BRISK if visits >= MANY else THOROUGH


def relax(
    problem: Problem,
    pricer: Pricer,
    separator: Separator,
    maker: Maker,
    known: Sequence[Choice],
    watch: Stopwatch,
    seed: int,
    pace: Pace = THOROUGH,
) -> Relaxed:
    """Return prices and their proven bound; `known` are the choices of a plan at hand."""
    pool = Pool(maker, separator.openings)
    master = Master(pool, seed)
    columns = [pool.add(*choice) for choice in (*known, *_first(pricer, pace))]
    master.add_columns([column for column in columns if column is not None])
    best = _Best(problem, pricer, pace)
    before, idle = float("inf"), 0
    for _ in range(ROUNDS):
        if watch.over or not master.solve(watch.left()):
            break
        value = master.value
        best.parts = master.parts()
        broken = list(separator.broken(best.parts))
        if broken and before - value > TAIL * value:
            before = value
            master.add_limits(broken)
            continue
        last = best.bound
        new = best.look(master, pool)
        if pace.enough and best.bound - value <= pace.enough * best.bound:
            break
        closed = not new or best.bound - value <= CLOSE * best.bound
        idle = idle + 1 if closed and last - best.bound <= CLOSE * best.bound else 0
        if closed and (not broken or idle * len(pool) >= PATIENCE or len(pool) > LARGE):
            break
        before = float("inf")
        master.add_columns(new)
        if closed:
            master.add_limits(broken)
    return Relaxed(pool, best.prices, best.bound, best.parts, int(pace.enough * best.bound))


def unpriced(
    pricer: Pricer, separator: Separator, maker: Maker, known: Sequence[Choice]
) -> Relaxed:
    """Return the best few choices of each visit and the bound of people without limits."""
    pool = Pool(maker, separator.openings)
    for choice in (*known, *_first(pricer, THOROUGH)):
        pool.add(*choice)
    return Relaxed(pool, NoPrices(), pricer.upper_bound(NoPrices()), [])


class _Best:
    """The tightest bound so far, with the prices that prove it."""

    def __init__(self, problem: Problem, pricer: Pricer, pace: Pace) -> None:
        self.problem, self.pricer, self.pace = problem, pricer, pace
        self.prices: Prices = NoPrices()
        self.bound = pricer.upper_bound(self.prices)
        self.parts: list[tuple[Column, float]] = []

    def look(self, master: Master, pool: Pool) -> list[Column]:
        """Price everything; keep the bound when it is tighter; return columns worth adding."""
        unit = self.pricer.worth.unit
        visits, limits = master.duals()
        prices = LimitPrices(self.problem, whole_prices(limits, unit))
        duals = np.ceil(visits * unit).astype(np.int64) + unit // 100
        total, new = prices.total, []
        for opening in self.pricer.openings:
            rows, gain = self.pricer.gains(opening, prices)
            total += best_gain(opening, gain)
            dual = int(duals[opening.index])
            few = Few(NEW_PER_VISIT, options=OPTIONS, spare=self.pace.spare)
            for option, row in worth_adding(opening, rows, gain, dual, few):
                column = pool.add(opening, option, row)
                if column is not None:
                    new.append(column)
        if total // unit < self.bound:
            self.bound, self.prices = total // unit, prices
        return new


def _first(pricer: Pricer, pace: Pace) -> list[Choice]:
    """The best few choices of each visit, were everybody free."""
    choices: list[Choice] = []
    for opening in pricer.openings:
        rows, gain = pricer.gains(opening, NoPrices())
        few = Few(opening.seats + NEW_PER_VISIT, options=pace.options, spare=pace.spare)
        choices += [(opening, o, r) for o, r in worth_adding(opening, rows, gain, CLOSED, few)]
    return choices
