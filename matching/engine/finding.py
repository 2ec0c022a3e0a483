"""Which visits one person is eligible for, found without looking at every need in full."""

from collections.abc import Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.gates import GATES, TESTS, Gate
from matching.engine.openings import Opening
from matching.engine.problem import Ask, Problem
from matching.engine.travel import ROUNDING, direction
from matching.engine.visits import DAY_MINUTES, STEP_MINUTES

AT_ONCE = 64


class Members:
    """Who is eligible where: one long array, with visits that changed since looked at singly."""

    def __init__(self, openings: Sequence[Opening]) -> None:
        self._openings = openings
        self._changed: set[int] = set()
        self._gather()

    def _gather(self) -> None:
        self._changed.clear()
        sizes = [len(opening.who) for opening in self._openings]
        self._visit = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
        everybody = [opening.who for opening in self._openings]
        self._who = np.concatenate([*everybody, np.zeros(0, np.int64)]).astype(np.int32)

    def changed(self, index: int) -> None:
        """Note that a visit has other people now."""
        self._changed.add(index)
        if len(self._changed) > len(self._openings) // 4 + AT_ONCE:
            self._gather()

    def of(self, volunteer: int) -> list[int]:
        """Return the visits a person is eligible for, in order."""
        found = set(self._visit[self._who == volunteer].tolist()) - self._changed
        later = {n for n in self._changed if (self._openings[n].who == volunteer).any()}
        return sorted(found | later)


class Asking:
    """What needs ask for, laid out so that one person can be held against all of them."""

    def __init__(self, problem: Problem) -> None:
        self._asks = asks = problem.asks
        self._category = np.array([ask.input.category for ask in asks], dtype=object)
        places = [problem.geography.places[ask.place] for ask in asks]
        lat, lon = np.array([p.lat for p in places]), np.array([p.lon for p in places])
        self._direction = direction(lat, lon).reshape(-1, 3)
        sizes = [len(ask.times) for ask in asks]
        self._ask = np.repeat(np.arange(len(asks)), sizes)
        self._time = np.concatenate([*(ask.times for ask in asks), np.zeros(0, np.int64)])
        self._end = self._time % DAY_MINUTES + np.repeat([ask.duration for ask in asks], sizes)

    def within_reach(self, problem: Problem, volunteer: int) -> list[Ask]:
        """Return the needs a person might be eligible for; none that is gets lost."""
        people = problem.volunteers
        may = np.zeros(len(self._asks), dtype=bool)
        if people.active[volunteer]:
            until = people.free_until[volunteer]
            may[self._ask[until[self._time // STEP_MINUTES] >= self._end]] = True
            wanted = people.inputs[volunteer].categories
            for category in sorted(set(self._category[may]) - wanted):
                may &= self._category != category
            cosine = self._direction @ people.direction[volunteer]
            may &= cosine >= people.reach_cosine[volunteer] - ROUNDING
        unchanged = [self._asks[n] for n in np.flatnonzero(may).tolist() if self._same(problem, n)]
        changed = [a for n, a in enumerate(problem.asks) if not self._same(problem, n)]
        return [ask for ask in (*unchanged, *changed) if ask.visits]

    def _same(self, problem: Problem, number: int) -> bool:
        return number < len(self._asks) and problem.asks[number] is self._asks[number]


def options_of(problem: Problem, ask: Ask, volunteer: int) -> Bools | None:
    """Return the options of a need one person may take, None for somebody who is shut out."""
    gate, options = _passed(problem, ask, volunteer)
    return options if gate is None else None


def first_gates(problem: Problem, volunteer_id: str) -> dict[str, Gate | None]:
    """Return for each need the first gate that shuts a person out, None where none does."""
    volunteer = problem.volunteer_index[volunteer_id]
    return {
        need_id: _passed(problem, problem.asks[index], volunteer)[0]
        for need_id, index in problem.need_index.items()
    }


def _passed(problem: Problem, ask: Ask, volunteer: int) -> tuple[Gate | None, Bools]:
    """Hold one person against the gates in order; return the first that leaves nothing."""
    who: Ints = np.array([volunteer], dtype=np.int64)
    options = np.ones(1, dtype=bool)
    for gate in GATES:
        passed = TESTS[gate](problem, ask, who)
        if passed is not None:
            options = options & passed[0]
            if not options.any():
                return gate, options
    return None, options
