"""The staged objective as one whole number whose parts never trade against an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.engine.weights import FULL_SCORE

if TYPE_CHECKING:
    from matching.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Parts:
    """What a plan achieves, part by part; `load` counts against it."""

    weighted_seats: int
    score: int
    load: int
    series: int


@dataclass(frozen=True, slots=True)
class Most:
    """What no plan exceeds, seats that locks hold left out: value of both, and each alone."""

    value: int
    weighted_seats: int
    score: int

    def __add__(self, other: Most) -> Most:
        """Return the bound of two sets of visits together."""
        return Most(
            self.value + other.value,
            self.weighted_seats + other.weighted_seats,
            self.score + other.score,
        )


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


def scale_of(problem: Problem) -> Scale:
    """Return factors large enough to keep the parts apart: nobody takes part in more than all."""
    seats = all_seats(problem)
    most = sum(ask.visits for ask in problem.asks) + int(problem.load.max(initial=0))
    load = seats + 1
    score = load * (seats * most + 1)
    return Scale(weighted_seats=score * (FULL_SCORE * seats + 1), score=score, load=load)


def all_seats(problem: Problem) -> int:
    """Return the seats of all visits, those that locks hold included."""
    return sum(ask.input.headcount * ask.visits for ask in problem.asks)
