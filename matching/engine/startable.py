"""When each person could start a visit of some length: one bit per quarter of the week."""

import numpy as np

from matching.engine.arrays import Bools, Ints, Minutes, Words
from matching.engine.problem import Ask, Problem
from matching.engine.visits import DAY_MINUTES, STEP_MINUTES

WORD_BITS = 64


def may_start(problem: Problem, ask: Ask, who: Ints) -> Bools:
    """Tell who may be free at one of a need's times; nobody who is gets lost, dates off aside."""
    table = problem.startable.get(ask.duration)
    if table is None:
        until = problem.volunteers.free_until
        table = problem.startable[ask.duration] = startable_rows(until, ask.duration)
    asked = np.zeros(len(table) * WORD_BITS, dtype=bool)
    asked[ask.times // STEP_MINUTES] = True
    mask = np.packbits(asked).view(np.uint64)
    found: Bools = np.zeros(len(who), dtype=bool)
    for word in np.flatnonzero(mask).tolist():
        found |= (table[word].take(who) & mask[word]) != 0
    return found


def startable_rows(until: Minutes, duration: int) -> Words:
    """Return words [word of the week, volunteer]: free from the quarter for so many minutes."""
    people, quarters = until.shape
    ends = np.arange(quarters) * STEP_MINUTES % DAY_MINUTES + duration
    able = np.zeros((people, -(-quarters // WORD_BITS) * WORD_BITS), dtype=bool)
    np.greater_equal(until, ends.astype(np.int16), out=able[:, :quarters])
    return np.ascontiguousarray(np.packbits(able, axis=1).view(np.uint64).T)
