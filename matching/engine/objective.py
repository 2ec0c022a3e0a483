"""The staged objective as one whole number whose parts never trade against an earlier one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from matching.engine.openings import Opening
from matching.engine.problem import Problem
from matching.engine.roster import Roster
from matching.engine.weights import FULL_SCORE


@dataclass(frozen=True, slots=True)
class Parts:
    """What a plan achieves, part by part; `load` counts against it."""

    weighted_seats: int
    score: int
    load: int
    series: int


@dataclass(frozen=True, slots=True)
class Scale:
    """How many points one step of each part is worth in this problem."""

    weighted_seats: int
    score: int
    load: int

    def value(self, parts: Parts) -> int:
        """Return the objective of a plan with these parts."""
        return (
            parts.weighted_seats * self.weighted_seats
            + parts.score * self.score
            - parts.load * self.load
            + parts.series
        )


def scale_for(problem: Problem, openings: Sequence[Opening]) -> Scale:
    """Return factors large enough to keep the parts apart in this problem."""
    seats = sum(ask.input.headcount * ask.visits for ask in problem.asks)
    chances = Counter(v for opening in openings for v in opening.who.tolist())
    most = max(chances.values(), default=0) + int(problem.load.max(initial=0))
    load = seats + 1
    score = load * (seats * most + 1)
    return Scale(weighted_seats=score * (FULL_SCORE * seats + 1), score=score, load=load)


def parts_of(roster: Roster, locked_scores: int) -> Parts:
    """Return the parts of a plan, seats that locks hold included."""
    seats = score = 0
    together: Counter[tuple[int, int]] = Counter()
    for opening, people in zip(roster.openings, roster.seated, strict=True):
        held = opening.ask.locked[opening.visit]
        seats += opening.weight * (len(people) + len(held))
        together.update((opening.ask.index, v) for v in (*people, *held))
        if people:
            points = dict(zip(opening.who.tolist(), opening.scores.tolist(), strict=True))
            score += sum(points[v] for v in people)
    return Parts(
        weighted_seats=seats,
        score=score + locked_scores,
        load=_load(roster),
        series=sum(visits - 1 for visits in together.values()),
    )


def _load(roster: Roster) -> int:
    before, after = roster.problem.load, roster.load
    return int((after * (after - 1) // 2 - before * (before - 1) // 2).sum())
