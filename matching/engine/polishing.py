"""Large plans: take over what the relaxation decided, settle the rest, polish where it is loose."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from matching.engine.columns import Column, Maker
from matching.engine.greedy import fill
from matching.engine.openings import Opening
from matching.engine.pricing import Pricer, Prices, best_gain
from matching.engine.relaxing import Relaxed
from matching.engine.roster import Roster
from matching.engine.separation import Separator
from matching.engine.stopwatch import Stopwatch
from matching.engine.weights import FULL_SCORE
from matching.engine.window import resettle

WHOLE = 1 - 1e-6
WINDOWS = 100
WORTH_A_WINDOW = 100
WINDOW_VISITS = 120
BATCH_COLUMNS = 12_000
SMALL_BATCH_COLUMNS = 3_000
"""Columns of a batch where a plan need only be good enough."""
NODES = 300
STAY = 2 * FULL_SCORE


class Polisher:
    """Improves a roster by planning parts of it anew; each step keeps a plan that works."""

    def __init__(
        self,
        relaxed: Relaxed,
        pricer: Pricer,
        separator: Separator,
        maker: Maker,
        watch: Stopwatch,
        seed: int,
    ) -> None:
        self.relaxed, self.pricer, self.separator = relaxed, pricer, separator
        self.maker, self.watch, self.seed = maker, watch, seed
        self.columns_of: dict[int, list[Column]] = defaultdict(list)
        for column in relaxed.pool.columns:
            self.columns_of[column.opening].append(column)
        self.most: dict[int, int] = {}

    def from_relaxation(self, empty: Roster) -> Roster:
        """Return a plan with the visits that the relaxation decided, the others settled."""
        parts: dict[int, list[tuple[Column, float]]] = defaultdict(list)
        for column, x in self.relaxed.parts:
            parts[column.opening].append((column, x))
        decided = set()
        for index, taken in sorted(parts.items()):
            if all(x >= WHOLE for _, x in taken) and _seat(empty, [c for c, _ in taken]):
                decided.add(index)
        rest = [o for o in self.pricer.openings if o.index not in decided]
        for batch in self._batches(rest):
            self.settle(empty, batch)
        fill(empty, empty.openings)
        return empty

    def _batches(self, visits: Sequence[Opening]) -> list[list[Opening]]:
        """Split visits so that no batch has too many columns for one programme."""
        most = BATCH_COLUMNS if not self.relaxed.enough else SMALL_BATCH_COLUMNS
        batches: list[list[Opening]] = [[]]
        size = 0
        for opening in visits:
            more = len(self.columns_of[opening.index])
            if size + more > most and batches[-1]:
                batches.append([])
                size = 0
            batches[-1].append(opening)
            size += more
        return batches

    def settle(self, roster: Roster, visits: Sequence[Opening], stay: int = 0) -> None:
        """Plan these visits anew around the others; who is there counts `stay` points more."""
        columns = [c for opening in visits for c in self.columns_of[opening.index]]
        resettle(
            roster,
            visits,
            columns,
            self.separator,
            self.maker,
            seed=self.seed,
            nodes=NODES,
            seconds=self.watch.left(),
            stay=stay,
        )

    def repair(self, roster: Roster, visits: Sequence[Opening], most: int) -> None:
        """Fill empty seats of these visits by moving as few people as possible.

        `most` weighted seats can be filled at all: with that many nobody needs to move.
        """
        seen: set[int] = set()
        for opening in visits:
            if opening.index in seen or len(roster.seated[opening.index]) >= opening.seats:
                continue
            if roster.weighted_seats >= most or self.watch.over:
                return
            if self.columns_of[opening.index]:
                window = self._around(roster, opening.index)
                seen.update(window)
                self.settle(roster, [roster.openings[i] for i in window], STAY)

    def polish(self, roster: Roster) -> None:
        """Plan windows anew around the visits that lose most, until the plan is good enough."""
        if self._good_enough(roster):
            return
        self.most = {o.index: self._most(o, self.relaxed.prices) for o in self.pricer.openings}
        seen: set[int] = set()
        loss = {o.index: self._loss(roster, o) for o in self.pricer.openings}
        for _ in range(WINDOWS):
            seed = max((i for i in loss if i not in seen), key=lambda i: (loss[i], -i), default=-1)
            if seed < 0 or loss[seed] < WORTH_A_WINDOW * self.pricer.worth.unit or self.watch.over:
                return
            window = self._around(roster, seed)
            seen.update(i for i in window if loss.get(i, 0) > 0)
            self.settle(roster, [roster.openings[i] for i in window])
            if self._good_enough(roster):
                return
            loss.update({i: self._loss(roster, roster.openings[i]) for i in window if i in loss})

    def _good_enough(self, roster: Roster) -> bool:
        value = roster.weighted_seats * self.pricer.worth.seat + roster.score
        return self.relaxed.bound - value <= self.relaxed.enough

    def _loss(self, roster: Roster, opening: Opening) -> int:
        """How far a visit stays behind the most it could bring at the prices."""
        return self.most[opening.index] - self._gain(roster, opening, self.relaxed.prices)

    def _most(self, opening: Opening, prices: Prices) -> int:
        return best_gain(opening, self.pricer.gains(opening, prices)[1])

    def _gain(self, roster: Roster, opening: Opening, prices: Prices) -> int:
        option = roster.option[opening.index]
        if option is None:
            return 0
        rows = np.flatnonzero(np.isin(opening.who, roster.seated[opening.index]))
        value = self.pricer.worth.of(opening, rows) - prices.of(opening, rows)[:, option]
        return int(value.sum())

    def _around(self, roster: Roster, seed: int) -> list[int]:
        """Return a visit and those that its people, and theirs in turn, sit on."""
        sits: dict[int, list[int]] = defaultdict(list)
        for index, people in enumerate(roster.seated):
            for volunteer in people:
                sits[volunteer].append(index)
        window, queue = {seed: None}, [seed]
        while queue and len(window) < WINDOW_VISITS:
            for column in self.columns_of[queue.pop(0)]:
                for index in sits[column.volunteer]:
                    if index not in window and len(window) < WINDOW_VISITS:
                        window[index] = None
                        queue.append(index)
        return sorted(window)


def _seat(roster: Roster, columns: Sequence[Column]) -> bool:
    """Seat people where the relaxation has them, if that can be done."""
    opening, option = roster.openings[columns[0].opening], columns[0].option
    rows = [column.row for column in columns]
    same = all(column.option == option for column in columns)
    if not same or len(rows) < opening.minimum:
        return False
    if not roster.free(opening, np.array(rows))[:, option].all():
        return False
    roster.seat(opening, option, [column.volunteer for column in columns])
    return True
