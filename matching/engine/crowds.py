"""What needs with the same wishes share: who passes the gates that look at nothing else."""

import numpy as np

from matching.engine.gates import OF_WISHES, ORDER, TESTS
from matching.engine.problem import ELIGIBLE, Ask, Crowd, Problem


def crowd_of(problem: Problem, ask: Ask) -> Crowd:
    """Return who passes the gates of a need's wishes; worked out once for equal wishes."""
    wishes = ask.input
    key = (
        wishes.category,
        wishes.required_skills,
        wishes.car_needed,
        wishes.gender_preference,
    )
    crowd = problem.crowds.get(key)
    if crowd is None:
        crowd = problem.crowds[key] = _gathered(problem, ask)
    return crowd


def _gathered(problem: Problem, ask: Ask) -> Crowd:
    who = np.arange(len(problem.volunteers), dtype=np.int64)
    first_gate = np.full(len(who), ELIGIBLE, dtype=np.int8)
    for gate in OF_WISHES:
        passed = TESTS[gate](problem, ask, who)
        if passed is not None:
            first_gate[who[~passed]] = ORDER[gate]
            who = who[passed]
    return Crowd(who, first_gate, np.bincount(first_gate[first_gate >= 0], minlength=len(ORDER)))
