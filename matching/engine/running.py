"""One plan on its way: the roster, what is proven about it, and how it came about."""

from collections.abc import Collection

import numpy as np

from matching.engine.columns import Maker
from matching.engine.greedy import fill
from matching.engine.locked import locked_assignments
from matching.engine.objective import Most, Parts, parts_of, scale_for
from matching.engine.plan import Assignment, Plan
from matching.engine.polishing import STAY, Polisher
from matching.engine.pricing import NoPrices, Pricer, Prices, Worth, still_possible
from matching.engine.relaxing import UNIT, Choice, Relaxed, relax, unpriced
from matching.engine.reporting import Story, seated_assignments, write_down
from matching.engine.roster import Roster
from matching.engine.separation import Separator
from matching.engine.stopwatch import Stopwatch
from matching.engine.ties import settle_ties
from matching.engine.travel import SETTING_OUT_MINUTES
from matching.engine.weights import FULL_SCORE
from matching.engine.window import resettle

MOST_FOR_A_SEAT = 1_000_000
SMALL_CHOICES = 1_500
CORE_COLUMNS = 12_000
NODES = 2_000


class Run:
    """Improves a roster step by step; every step keeps a plan that works."""

    def __init__(self, roster: Roster, seed: int, watch: Stopwatch) -> None:
        problem, openings = roster.problem, roster.openings
        self.roster, self.seed, self.watch = roster, seed, watch
        self.scale = scale_for(problem, openings)
        self.held = locked_assignments(problem)
        self.held_score = sum(assignment.score for assignment in self.held)
        self.seats = sum(ask.input.headcount * ask.visits for ask in problem.asks)
        self.seat_value = min((FULL_SCORE + STAY) * self.seats + 1, MOST_FOR_A_SEAT)
        self.maker = Maker(problem, self.seat_value)
        table = problem.options.area_minutes.values()
        self.separator = Separator(problem, openings, min((SETTING_OUT_MINUTES, *table)))
        self.pricer = Pricer(openings, Worth(self.seat_value, 1, UNIT))
        self.prices: Prices = NoPrices()
        self.relaxed: Relaxed | None = None
        self.bound = self.priced_bound = 0
        self.proven = False
        self.method = "greedy"

    def price(self) -> None:
        """Find prices and the bound they prove."""
        choices = _choices(self.roster)
        self.relaxed = relax(
            self.roster.problem,
            self.pricer,
            self.separator,
            self.maker,
            choices,
            self.watch,
            self.seed,
        )
        self.prices, self.bound = self.relaxed.prices, self.relaxed.bound
        self.priced_bound = self.bound

    def glance(self) -> None:
        """Make do with the best few choices of each visit and a bound without prices."""
        choices = _choices(self.roster)
        self.relaxed = unpriced(self.pricer, self.separator, self.maker, choices)
        self.bound = self.priced_bound = self.relaxed.bound

    def improve(self) -> None:
        """Look for a better plan, in one programme or in parts."""
        if self.relaxed is None or self.watch.over:
            return
        every = sum(int(opening.options.sum()) for opening in self.pricer.openings)
        if every <= SMALL_CHOICES:
            self._all_choices()
        elif len(self.relaxed.pool) <= CORE_COLUMNS:
            self._core(self.relaxed)
        else:
            self._in_parts(self.relaxed)

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
        self.method = "repair"
        if self.relaxed is not None:
            visits = self.pricer.openings
            if only is not None:
                visits = [o for o in visits if o.ask.input.need_id in only]
            self._polisher(self.relaxed).repair(self.roster, visits, self._most_seats())

    def _polisher(self, relaxed: Relaxed) -> Polisher:
        return Polisher(relaxed, self.pricer, self.separator, self.maker, self.watch, self.seed)

    def _in_parts(self, relaxed: Relaxed) -> None:
        self.method = "prices and windows"
        polisher = self._polisher(relaxed)
        other = polisher.from_relaxation(Roster(self.roster.problem, self.roster.openings))
        if self._objective(other) > self._objective(self.roster):
            self.roster = other
        polisher.polish(self.roster)
        fill(self.roster, self.roster.openings)

    def _parts(self, roster: Roster) -> Parts:
        return parts_of(roster, self.held_score)

    def _objective(self, roster: Roster) -> int:
        return self.scale.value(self._parts(roster))

    def _value(self) -> int:
        """The value of the plan in the unit of the bound, seats that locks hold left out."""
        parts = self._parts(self.roster)
        seats = parts.weighted_seats - self._held_seats()
        return seats * self.seat_value + parts.score - self.held_score

    def _held_seats(self) -> int:
        weight = {ask.input.need_id: ask.weight for ask in self.roster.problem.asks}
        return sum(weight[assignment.need_id] for assignment in self.held)

    def written(self) -> Plan:
        """Return the plan with its bound."""
        story = Story(self.method, self.seed, self.watch.over)
        return write_down(self.roster, self.scale, self._bound_parts(), story)

    def _most_seats(self) -> int:
        """The most weighted seats that can be filled beside those that locks hold."""
        only_seats = Pricer(self.roster.openings, Worth(1, 0, UNIT * self.seat_value))
        return min(only_seats.upper_bound(self.prices), self.bound // self.seat_value)

    def _bound_parts(self) -> Parts:
        """The most each part can reach: seats first, then the score that goes with as many."""
        if self.proven:
            return self._parts(self.roster)
        seats = self._most_seats()
        any_score = Pricer(self.roster.openings, Worth(0, 1)).upper_bound(NoPrices())
        score = min(self.bound - seats * self.seat_value, any_score)
        return Parts(seats + self._held_seats(), score + self.held_score, 0, self.seats)


def _choices(roster: Roster) -> list[Choice]:
    """The choices that a roster has made."""
    return [
        (opening, option, row)
        for opening, option in zip(roster.openings, roster.option, strict=True)
        if option is not None
        for row in np.flatnonzero(np.isin(opening.who, roster.seated[opening.index])).tolist()
    ]
