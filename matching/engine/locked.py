"""Seats that locks hold: they are in the plan whatever the gates say."""

import numpy as np

from matching.engine.plan import Assignment
from matching.engine.problem import Ask, Problem
from matching.engine.scoring import factor_points


def locked_assignments(problem: Problem) -> tuple[Assignment, ...]:
    """Return the assignments that locks fix, in order of need, visit and volunteer."""
    return tuple(assignment for ask in problem.asks for assignment in locked_on(problem, ask))


def locked_on(problem: Problem, ask: Ask) -> list[Assignment]:
    """Return the assignments that locks fix on one need."""
    visits = (visit for visit in range(ask.visits) if ask.locked[visit])
    return [assignment for visit in visits for assignment in _of_visit(problem, ask, visit)]


def _of_visit(problem: Problem, ask: Ask, visit: int) -> list[Assignment]:
    who = np.array(ask.locked[visit], dtype=np.int64)
    own_options = np.zeros((len(who), len(ask.day)), dtype=bool)
    own_options[:, ask.options_of(visit)] = True
    scores = factor_points(problem, ask, who, own_options).sum(axis=1).tolist()
    option = ask.first_option[visit]
    start = int(ask.start[option])
    return [
        Assignment(
            need_id=ask.input.need_id,
            visit=visit + 1,
            volunteer_id=problem.volunteer_id(volunteer),
            on=problem.date_of(int(ask.day[option])),
            start_minutes=start,
            end_minutes=start + ask.duration,
            score=score,
            locked=True,
        )
        for volunteer, score in zip(ask.locked[visit], scores, strict=True)
    ]
