"""Visits with seats to fill, each with the people and options that may fill them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.eligibility import sift
from matching.engine.problem import Ask, Problem
from matching.engine.scoring import factor_points
from matching.engine.visits import DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Opening:
    """One visit of one need. Rows are eligible volunteers, best score first."""

    index: int
    ask: Ask
    visit: int
    seats: int
    minimum: int
    who: Ints
    scores: Ints
    options: Bools  # [volunteer, option]: may be taken as far as gates are concerned
    days: Ints  # different days of the options
    day: Ints  # per option
    day_position: Ints  # per option: where its day stands in `days`
    start: Ints  # per option, absolute minutes
    end: Ints

    def numbered(self, index: int) -> "Opening":
        """Return the same visit under another number."""
        return replace(self, index=index)

    def only(self, rows: Bools) -> "Opening":
        """Return the visit with some of its rows."""
        return replace(
            self, who=self.who[rows], scores=self.scores[rows], options=self.options[rows]
        )

    def closed(self) -> "Opening":
        """Return the visit without seats and people."""
        return replace(self.only(np.zeros(len(self.who), dtype=bool)), seats=0)

    def like(self, other: "Opening") -> bool:
        """Tell whether a visit takes place at the same times and place."""
        return (
            self.place == other.place
            and np.array_equal(self.start, other.start)
            and np.array_equal(self.end, other.end)
        )

    def with_person(self, volunteer: int, able: tuple[int, Bools] | None) -> "Opening":
        """Return the visit with one person's score and options, or without the person.

        The visit itself when nothing is different.
        """
        row = np.flatnonzero(self.who == volunteer)
        if able is None:
            return self.only(self.who != volunteer) if len(row) else self
        score, options = able
        same = len(row) and self.scores[row[0]] == score
        if same and np.array_equal(self.options[row[0]], options):
            return self
        kept = self.who != volunteer
        who, scores = self.who[kept], self.scores[kept]
        at = int(np.count_nonzero((scores > score) | ((scores == score) & (who < volunteer))))
        return replace(
            self,
            who=np.insert(who, at, volunteer),
            scores=np.insert(scores, at, score),
            options=np.insert(self.options[kept], at, options, axis=0),
        )

    @property
    def weight(self) -> int:
        """What one filled seat counts."""
        return self.ask.weight

    @property
    def place(self) -> int:
        """The number of the place in the problem's geography."""
        return self.ask.place


def open_visits(
    problem: Problem, asks: Iterable[Ask] | None = None, only: Ints | None = None
) -> tuple[Opening, ...]:
    """Return all visits of all needs, or of some, in order of need and visit.

    With `only`, nobody but these volunteers is looked at.
    """
    found: list[Opening] = []
    for ask in problem.asks if asks is None else asks:
        sifted = sift(problem, ask, only)
        scores = factor_points(problem, ask, sifted.who, sifted.options).sum(axis=1)
        order = np.argsort(-scores, kind="stable")
        who, scores, options = sifted.who[order], scores[order], sifted.options[order]
        for visit in range(ask.visits):
            part = ask.options_of(visit)
            able = options[:, part].any(axis=1) & ~np.isin(who, ask.locked[visit])
            start = ask.day[part] * DAY_MINUTES + ask.start[part]
            days, position = np.unique(ask.day[part], return_inverse=True)
            found.append(
                Opening(
                    index=len(found),
                    ask=ask,
                    visit=visit,
                    seats=ask.seats[visit],
                    minimum=ask.minimum[visit],
                    who=who[able],
                    scores=scores[able],
                    options=options[able, part],
                    days=days,
                    day=ask.day[part],
                    day_position=position.astype(np.int64),
                    start=start,
                    end=start + ask.duration,
                )
            )
    return tuple(found)


def among(openings: Iterable[Opening], people: Bools) -> tuple[Opening, ...]:
    """Return the visits with only these people left to choose from."""
    return tuple(opening.only(people[opening.who]) for opening in openings)
