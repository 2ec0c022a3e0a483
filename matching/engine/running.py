"""One plan on its way: the roster, what is proven about it, and how it came about."""

from collections.abc import Collection

import numpy as np

from matching.engine.columns import Maker
from matching.engine.greedy import fill
from matching.engine.locked import locked_assignments
from matching.engine.objective import Most, Parts, all_seats
from matching.engine.plan import Plan
from matching.engine.polishing import STAY, Polisher
from matching.engine.pricing import NoPrices, Pricer, Prices, Worth, still_possible
from matching.engine.relaxing import UNIT, Choice, Relaxed, pace_of, relax, unpriced
from matching.engine.reporting import Held, Story, pairs_of, write_down
from matching.engine.roster import Roster
from matching.engine.separation import Separator
from matching.engine.solver import SolverError
from matching.engine.stopwatch import Stopwatch
from matching.engine.ties import settle_ties
from matching.engine.travel import SETTING_OUT_MINUTES
from matching.engine.weights import FULL_SCORE
from matching.engine.window import resettle

MOST_FOR_A_SEAT = 1_000_000
SMALL_CHOICES = 1_500
CORE_COLUMNS = 12_000
NODES = 2_000
SEATS_TO_COME = 100
"""A seat outweighs the scores of all seats, those included that changes may still bring."""
WITHOUT_SOLVER = " without solver"


class Run:
    """Improves a roster step by step; every step keeps a plan that works."""

    def __init__(self, roster: Roster, seed: int, watch: Stopwatch) -> None:
        problem, openings = roster.problem, roster.openings
        self.roster, self.seed, self.watch = roster, seed, watch
        seats = 2 * all_seats(problem) + SEATS_TO_COME
        self.seat_value = min((FULL_SCORE + STAY) * seats, MOST_FOR_A_SEAT)
        self.maker = Maker(problem, self.seat_value)
        table = problem.options.area_minutes.values()
        self.separator = Separator(problem, openings, min((SETTING_OUT_MINUTES, *table)))
        self.pricer = Pricer(openings, Worth(self.seat_value, 1, UNIT))
        self.pace = pace_of(len(self.pricer.openings))
        self.prices: Prices = NoPrices()
        self.relaxed: Relaxed | None = None
        self.free_bound = Pricer(openings, Worth(self.seat_value, 1)).outline()
        self.bound = self.priced_bound = self.free_bound.value
        self.proven = False
        self.method = "greedy"

    def price(self) -> None:
        """Find prices and the bound they prove."""
        if self.watch.over:
            return
        try:
            self._relax()
        except SolverError:
            self._without_solver()

    def _without_solver(self) -> None:
        """Stay with the plan and the bound at hand, and say so."""
        self.method += WITHOUT_SOLVER

    def _relax(self) -> None:
        self.relaxed = relax(
            self.roster.problem,
            self.pricer,
            self.separator,
            self.maker,
            _choices(self.roster),
            self.watch,
            self.seed,
            self.pace,
        )
        self.prices, self.bound = self.relaxed.prices, min(self.bound, self.relaxed.bound)
        self.priced_bound = self.bound

    def glance(self) -> None:
        """Make do with the best few choices of each visit and a bound without prices."""
        self.relaxed = unpriced(self.pricer, self.separator, self.maker, _choices(self.roster))

    def improve(self) -> None:
        """Look for a better plan, in one programme or in parts."""
        if self.relaxed is None or self.watch.over:
            return
        try:
            self._improve(self.relaxed)
        except SolverError:
            self._without_solver()

    def _improve(self, relaxed: Relaxed) -> None:
        every = sum(int(opening.options.sum()) for opening in self.pricer.openings)
        if every <= SMALL_CHOICES:
            self._all_choices()
        elif len(relaxed.pool) <= CORE_COLUMNS:
            self._core(relaxed)
        else:
            self._in_parts(relaxed)

    def _all_choices(self) -> None:
        columns = [
            self.maker.make(opening, option, row)
            for opening in self.pricer.openings
            for row, option in np.argwhere(opening.options).tolist()
        ]
        self.method = "all choices"
        if not columns:
            self.proven = True
            return
        proven = resettle(
            self.roster,
            self.pricer.openings,
            columns,
            self.separator,
            self.maker,
            seed=self.seed,
            nodes=NODES,
            seconds=self.watch.left(),
        )
        if proven is not None:
            self.bound = min(self.bound, max(proven, self._value()))
        if self.bound == self._value() and not self.watch.over:
            self._settle_ties()

    def _settle_ties(self) -> None:
        """Choose among the best plans, over the choices that prices leave in any of them."""
        spare = self.priced_bound - self.bound
        columns = [
            self.maker.make(opening, option, row)
            for opening in self.pricer.openings
            for option, row in still_possible(opening, self.prices, self.pricer.worth, spare)
        ]
        if not columns:  # nobody can be placed in any best plan, so there are no ties
            self.proven = True
            return
        self.proven = settle_ties(
            self.roster,
            columns,
            self.separator,
            self.maker,
            seed=self.seed,
            seconds=self.watch.left(),
        )

    def _core(self, relaxed: Relaxed) -> None:
        self.method = "prices and core"
        resettle(
            self.roster,
            self.pricer.openings,
            relaxed.pool.columns,
            self.separator,
            self.maker,
            seed=self.seed,
            nodes=NODES,
            seconds=self.watch.left(),
        )
        fill(self.roster, self.roster.openings)

    def repair(self, only: Collection[str] | None) -> None:
        """Fill empty seats around what is there."""
        self.method = self.method.replace("greedy", "repair")
        if self.relaxed is not None:
            visits = self.pricer.openings
            if only is not None:
                visits = [o for o in visits if o.ask.input.need_id in only]
            try:
                self._polisher(self.relaxed).repair(self.roster, visits, self.most().weighted_seats)
            except SolverError:
                self._without_solver()

    def _polisher(self, relaxed: Relaxed) -> Polisher:
        return Polisher(relaxed, self.pricer, self.separator, self.maker, self.watch, self.seed)

    def _in_parts(self, relaxed: Relaxed) -> None:
        self.method = "prices and windows"
        polisher = self._polisher(relaxed)
        other = polisher.from_relaxation(Roster(self.roster.problem, self.roster.openings))
        if _value_of(other.parts) > _value_of(self.roster.parts):
            self.roster = other
        polisher.polish(self.roster)
        fill(self.roster, self.roster.openings)

    def _value(self) -> int:
        """The value of the plan in the unit of the bound, seats that locks hold left out."""
        return self.roster.weighted_seats * self.seat_value + self.roster.score

    def most(self) -> Most:
        """Return what no plan exceeds, seats that locks hold left out."""
        value = min(self.bound, self.free_bound.value)
        seats = min(self.free_bound.weighted_seats, value // self.seat_value)
        if self.relaxed is not None and not self.watch.over:
            only_seats = Pricer(self.roster.openings, Worth(1, 0, UNIT * self.seat_value))
            seats = min(seats, only_seats.upper_bound(self.prices))
        return Most(value, seats, self.free_bound.score)

    def written(
        self, truncated: bool | None = None, most: Most | None = None, pairs: int | None = None
    ) -> Plan:
        """Return the plan with its bound, or with bound and pairs as found elsewhere."""
        problem = self.roster.problem
        held = Held.of(problem, locked_assignments(problem))
        bound = self.roster.parts if self.proven else self.at_most(most or self.most())
        story = Story(self.method, self.seed, self.watch.over if truncated is None else truncated)
        known = pairs_of(self.roster) if pairs is None else pairs
        return write_down(self.roster, held, known, bound, story)

    def at_most(self, most: Most) -> Parts:
        """Return the most each part can reach: seats first, then the score that goes with them."""
        score = min(most.value - most.weighted_seats * self.seat_value, most.score)
        return Parts(most.weighted_seats, score, 0, all_seats(self.roster.problem))


def _value_of(parts: Parts) -> tuple[int, int, int, int]:
    return parts.weighted_seats, parts.score, -parts.load, parts.series


def _choices(roster: Roster) -> list[Choice]:
    """The choices that a roster has made."""
    return [
        (opening, option, row)
        for opening, option in zip(roster.openings, roster.option, strict=True)
        if option is not None
        for row in np.flatnonzero(np.isin(opening.who, roster.seated[opening.index])).tolist()
    ]
