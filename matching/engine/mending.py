"""Filling seats that changes have emptied, by moving as few people as possible."""

from collections.abc import Iterable

import numpy as np

from matching.engine.columns import Column
from matching.engine.greedy import fill
from matching.engine.openings import Opening
from matching.engine.polishing import STAY
from matching.engine.pricing import CLOSED, option_gains
from matching.engine.roster import Roster
from matching.engine.running import Run
from matching.engine.weights import FULL_SCORE
from matching.engine.window import resettle

WINDOW_VISITS = 24
MOST_VISITS = 72
"""How many visits one repair plans anew in all: what is missed is found when prices are renewed."""

NODES = 30
NEXT_BEST = 8
WORTH_TRYING = 3 * FULL_SCORE
"""How many points a choice may lie behind the best one and still be looked at.

A plan that fills one more seat loses at most its score elsewhere, so it only contains choices
that lie less than that behind under the prices.
"""


class Mender:
    """Looks, under the prices of the last plan, at windows around visits with empty seats."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def mend(self, touched: Iterable[Opening], most: int) -> None:
        """Fill the empty seats of these visits; `most` weighted seats can be filled at all."""
        roster, seen = self.run.roster, set[int]()
        short = [o for o in touched if len(roster.seated[o.index]) < o.seats]
        fill(roster, short)
        for opening in sorted(short, key=lambda o: (-o.weight, o.index)):
            if self.run.watch.over or len(seen) >= MOST_VISITS or roster.weighted_seats >= most:
                return
            full = len(roster.seated[opening.index]) >= opening.seats
            if full or opening.index in seen:
                continue
            found = self._choices(opening)
            if found and self._may_gain(opening):
                seen |= self._settle_around(roster, opening, found)

    def _may_gain(self, opening: Opening) -> bool:
        """Tell whether one more seat may be worth what it takes elsewhere."""
        _, gain = self.run.pricer.gains(opening, self.run.prices)
        return int(gain.max(initial=CLOSED)) > -WORTH_TRYING * self.run.pricer.worth.unit

    def _settle_around(self, roster: Roster, seed: Opening, found: list[Column]) -> set[int]:
        columns = {seed.index: found}
        queue = [seed.index]
        while queue:
            for column in columns[queue.pop(0)]:
                for index in roster.sits_on(column.volunteer):
                    if index not in columns and len(columns) < WINDOW_VISITS:
                        columns[index] = self._choices(roster.openings[index])
                        queue.append(index)
        resettle(
            roster,
            [roster.openings[index] for index in sorted(columns)],
            [column for mine in columns.values() for column in mine],
            self.run.separator,
            self.run.maker,
            seed=self.run.seed,
            nodes=NODES,
            seconds=self.run.watch.left(),
            stay=STAY,
        )
        return set(columns)

    def _choices(self, opening: Opening) -> list[Column]:
        """The choices near the best one under the prices, best first."""
        if len(opening.who) < opening.minimum:
            return []
        rows, gain = self.run.pricer.gains(opening, self.run.prices)
        behind = WORTH_TRYING * self.run.pricer.worth.unit
        total = option_gains(opening, gain)
        options = np.argsort(-total, kind="stable")
        by_person = gain.max(axis=1)
        order = np.argsort(-by_person, kind="stable")[: opening.seats + NEXT_BEST]
        best = np.flatnonzero(total >= int(total.max()) - behind)
        kept = options[np.isin(options, best)][:4] if opening.seats > 1 else options[:0]
        found: list[Column] = []
        for n in order.tolist():
            if by_person[n] == CLOSED or by_person[n] < by_person[order[0]] - behind:
                break
            choices = kept if len(kept) else np.flatnonzero(gain[n] == by_person[n])[[0]]
            found += [
                self.run.maker.make(opening, int(option), int(rows[n]))
                for option in choices.tolist()
                if gain[n, option] > CLOSED
            ]
        return found
