"""A plan that stands in memory with its prices, so that a change costs only what it touches."""

from collections.abc import Iterable, Sequence

import numpy as np

from matching.engine.arrays import Bools
from matching.engine.ceilings import Ceilings
from matching.engine.finding import Asking, Members, options_of
from matching.engine.inputs import NeedInput, PastOffer, VolunteerInput
from matching.engine.openings import Opening, open_visits
from matching.engine.patching import Ties, drop_ask, put_ask, put_person
from matching.engine.plan import Assignment, ChangeReason
from matching.engine.prices import LimitPrices
from matching.engine.problem import Ask, Problem
from matching.engine.replanning import Seat, seat_again, seat_of
from matching.engine.reporting import assignments_of
from matching.engine.running import Run
from matching.engine.scoring import factor_points
from matching.engine.timeline import Busy

Able = tuple[int, Bools]
"""A person's score on a visit, and the options they may take."""


class Standing:
    """Problem, visits, roster, prices and ceilings, all kept true to one another."""

    def __init__(self, run: Run) -> None:
        self.run, self.roster = run, run.roster
        self.openings = openings = run.roster.openings
        self.of_ask: dict[int, list[int]] = {ask.index: [] for ask in run.roster.problem.asks}
        for opening in openings:
            self.of_ask[opening.ask.index].append(opening.index)
        self.ceilings = Ceilings(run.pricer, run.prices)
        self.ceilings.look(openings)
        self.members = Members(openings)
        self.asking = Asking(self.problem)
        self.pairs = sum(len(opening.who) for opening in openings)
        self.touched: set[int] = set()
        self.touched_asks: set[int] = set()
        self.reasons: dict[Seat, ChangeReason] = {}
        self.settled()

    @property
    def problem(self) -> Problem:
        """The problem as it stands."""
        return self.roster.problem

    def put_person(
        self, person: VolunteerInput, busy: Sequence[Busy], history: Iterable[PastOffer]
    ) -> None:
        """Take in a new or changed volunteer; seats that still hold are kept."""
        number = self.problem.volunteer_index.get(person.volunteer_id, -1)
        sat = [self._stand_up(index, number) for index in self.roster.sits_on(number)]
        problem, number = put_person(self.problem, person, busy, history)
        self._let(problem)
        self.roster.renew_person(number)
        self._renew_prices([number], [])
        before = set(self.members.of(number))
        able = self._openings_for(number)
        theirs = sorted(before | able.keys())
        for index in theirs:
            if self._swap(index, number, able.get(index)):
                self._touch(self.openings[index].ask.index, [index])
        self.ceilings.look(self.openings[index] for index in theirs)
        self._sit_down(sat)

    def put_need(self, need: NeedInput, ties: Ties) -> None:
        """Take in a new or changed need; people stay on visits that they can still make."""
        index = self.problem.need_index.get(need.need_id, -1)
        mine = self.of_ask.get(index, [])
        before = self._empty(index)
        problem, ask = put_ask(self.problem, need, ties)
        self._let(problem)
        self.roster.hold(ask, 1)
        opened = open_visits(problem, [ask])
        numbers = self._numbers(ask, mine, opened)
        self.of_ask[ask.index] = numbers
        self._close(set(mine) - set(numbers))
        for number, opening in zip(numbers, opened, strict=True):
            self._place(opening.numbered(number))
        self.ceilings.look(self.openings[number] for number in numbers)
        self._touch(ask.index, numbers)
        self.reasons |= seat_again(self.roster, [self.openings[n] for n in numbers], before)

    def drop_need(self, need_id: str) -> None:
        """Close all visits of a need; its people are free."""
        index = self.problem.need_index[need_id]
        gone = {seat_of(assignment) for assignment in self._empty(index)}
        self.reasons |= dict.fromkeys(gone, ChangeReason.NEED_GONE)
        self._let(drop_ask(self.problem, need_id))
        self._close(set(self.of_ask[index]))
        self.of_ask[index] = []
        self._touch(index, ())

    def _empty(self, index: int) -> list[Assignment]:
        """Take everybody off the visits of a need; return who sat there."""
        if index < 0:
            return []
        visits = [self.openings[number] for number in self.of_ask[index]]
        before = [a for opening in visits for a in assignments_of(self.roster, opening)]
        for opening in visits:
            self.roster.clear(opening)
        self.roster.hold(self.problem.asks[index], -1)
        return before

    def _close(self, numbers: set[int]) -> None:
        for number in sorted(numbers):
            self._place(self.openings[number].closed())
        self._renew_prices([], numbers)

    def settled(self) -> None:
        """Forget what was touched: it has been looked after and told."""
        self.touched.clear()
        self.touched_asks.clear()
        self.reasons.clear()
        self.roster.moved.clear()

    def _touch(self, ask: int, visits: Iterable[int]) -> None:
        self.touched_asks.add(ask)
        self.touched.update(visits)

    def _let(self, problem: Problem) -> None:
        self.roster.problem = problem
        self.run.separator.problem = problem

    def _renew_prices(self, people: list[int], gone: Iterable[int]) -> None:
        if isinstance(self.run.prices, LimitPrices):
            other = self.run.prices.renew(self.problem, people, gone)
            self.ceilings.look(self.openings[index] for index in sorted(other))

    def _numbers(self, ask: Ask, mine: list[int], opened: Sequence[Opening]) -> list[int]:
        """Visits that take place as before keep their numbers, and with them their prices."""
        if len(mine) == len(opened) and all(
            self.openings[n].like(o) for n, o in zip(mine, opened, strict=True)
        ):
            return mine
        first = len(self.openings)
        return list(range(first, first + len(opened)))

    def _place(self, opening: Opening) -> None:
        """Put a visit where its number says, in place of the one that was there."""
        if opening.index == len(self.openings):
            self.openings.append(opening)
            self.roster.widen()
        else:
            self.pairs -= len(self.openings[opening.index].who)
            self.openings[opening.index] = opening
        self.pairs += len(opening.who)
        self.run.pricer.forget(opening.index)
        self.members.changed(opening.index)
        if not opening.seats:
            self.ceilings.drop(opening.index)

    def _openings_for(self, volunteer: int) -> dict[int, Able]:
        """Return score and options of a person on every visit they may take."""
        found: dict[int, Able] = {}
        for ask in self.asking.within_reach(self.problem, volunteer):
            options = options_of(self.problem, ask, volunteer)
            if options is None:
                continue
            who = np.array([volunteer], dtype=np.int64)
            score = int(factor_points(self.problem, ask, who, options[None, :]).sum())
            for visit, index in enumerate(self.of_ask[ask.index]):
                mine = options[ask.options_of(visit)]
                if mine.any() and volunteer not in ask.locked[visit]:
                    found[index] = score, mine
        return found

    def _swap(self, index: int, volunteer: int, able: Able | None) -> bool:
        """Bring one person's row on a visit up to date; tell whether anything is different."""
        opening = self.openings[index]
        changed = opening.with_person(volunteer, able)
        if changed is opening:
            return False
        self._place(changed)
        return True

    def _stand_up(self, index: int, volunteer: int) -> tuple[Opening, Assignment]:
        opening = self.openings[index]
        [was] = [
            a
            for a in assignments_of(self.roster, opening)
            if self.problem.volunteer_index[a.volunteer_id] == volunteer
        ]
        self.roster.unseat(opening, volunteer)
        return opening, was

    def _sit_down(self, sat: Sequence[tuple[Opening, Assignment]]) -> None:
        for opening, was in sat:
            here = self.openings[opening.index]
            self.reasons |= seat_again(self.roster, [here], [was])
            self._touch(here.ask.index, [here.index])
