"""Who can do which visits of a need, and the first gate that shuts each other person out."""

from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.gates import TESTS, Gate
from matching.engine.problem import Ask, Problem

GATES = tuple(Gate)
ELIGIBLE = -1


@dataclass(frozen=True, slots=True)
class Sifted:
    """One need seen against everybody.

    `options[i]` marks the options that volunteer `who[i]` can take (at least one);
    `first_gate` has for each volunteer of the problem the position in GATES of the first
    gate after which nothing is left, or ELIGIBLE.
    """

    who: Ints
    options: Bools
    first_gate: Ints

    def excluded(self) -> dict[Gate, int]:
        """Return how many active people each gate shuts out, in the order of naming."""
        shut = self.first_gate[self.first_gate > 0]
        counts = np.bincount(shut, minlength=len(GATES))
        return {gate: int(count) for gate, count in zip(GATES, counts, strict=True) if count}


def sift(problem: Problem, ask: Ask, only: Ints | None = None) -> Sifted:
    """Pass everybody, or only some volunteers, through the gates in order."""
    who = np.arange(len(problem.volunteers), dtype=np.int64) if only is None else only
    options = np.ones((len(who), 0), dtype=bool)
    first_gate = np.full(len(problem.volunteers), ELIGIBLE, dtype=np.int64)
    for position, test in enumerate(TESTS.values()):
        passed = test(problem, ask, who)
        if passed.ndim == 2:
            options = passed if not options.shape[1] else options & passed
            passed = np.asarray(options.any(axis=1))
        first_gate[who[~passed]] = position
        who = who[passed]
        options = options[passed]
    return Sifted(who, options, first_gate)
