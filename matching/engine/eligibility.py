"""Who can do which visits of a need, and the first gate that shuts each other person out."""

from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import Bools, Codes, Ints
from matching.engine.crowds import crowd_of
from matching.engine.gates import LATER, ORDER, Gate
from matching.engine.problem import ELIGIBLE, Ask, Problem


@dataclass(frozen=True, slots=True)
class Sifted:
    """One need seen against everybody.

    `options[i]` marks the options that volunteer `who[i]` can take (at least one);
    `first_gate` has for each volunteer looked at the position in GATES of the first gate
    after which nothing is left, or ELIGIBLE; `shut[g]` counts those at each position.
    """

    who: Ints
    options: Bools
    first_gate: Codes
    shut: Ints

    def excluded(self) -> dict[Gate, int]:
        """Return how many active people each gate shuts out, in the order of naming."""
        counts = self.shut.tolist()
        return {gate: counts[place] for gate, place in ORDER.items() if place and counts[place]}


def sift(problem: Problem, ask: Ask, only: Ints | None = None) -> Sifted:
    """Pass everybody, or only some volunteers, through the gates in order."""
    crowd = crowd_of(problem, ask)
    first_gate, shut = crowd.first_gate.copy(), crowd.shut.copy()
    who = crowd.who if only is None else only[first_gate[only] == ELIGIBLE]
    options = np.ones((len(who), 1), dtype=bool)
    for gate, test in LATER:
        if not len(who):
            options = np.ones((0, len(ask.day)), dtype=bool)
            break
        passed = test(problem, ask, who)
        if passed is None:
            continue
        if passed.ndim == 2:
            options = options & passed
            passed = np.asarray(options.any(axis=1))
        if not passed.all():
            out = who[~passed]
            first_gate[out] = ORDER[gate]
            shut[ORDER[gate]] += len(out)
            who, options = who[passed], options[passed]
    return Sifted(who, options, first_gate, shut)
