"""The score of a pair: whole points per factor that add up to 0…1000 (domain: matching factors).

Every factor only ever adds points; a declined offer leaves no trace in the records, and more
recent offers or activities can only lower fairness and the newcomer chance.
"""

from collections.abc import Mapping

import numpy as np

from matching.engine.arrays import Bools, Ints
from matching.engine.distances import code_row, home_km, home_minutes
from matching.engine.problem import Ask, Problem
from matching.engine.weights import FACTORS

NEAR_MINUTES, FAR_MINUTES = 5, 65
FOCUS = 4
TRUSTED_VISITS = 3


Share = tuple[Ints, Ints | int]
"""A part and the whole it is measured against, kept apart so that points stay whole."""

Basis = Mapping[str, tuple[int, int]]
"""By factor the part and the whole of one pair."""


def factor_points(problem: Problem, ask: Ask, who: Ints, options: Bools) -> Ints:
    """Return points [volunteer, factor in the order of FACTORS] for eligible people."""
    if not len(who):
        return np.zeros((0, len(FACTORS)), dtype=np.int64)
    weights = problem.options.weights.points
    shares = _shares(problem, ask, who, options)
    points = {name: weights[name] * part // whole for name, (part, whole) in shares.items()}
    points |= {name: every[who] for name, every in problem.records.points.items()}
    return np.stack([points[name] for name in FACTORS]).T


def _shares(problem: Problem, ask: Ask, who: Ints, options: Bools) -> dict[str, Share]:
    """What each factor that looks at the pair is made of: a part and the whole."""
    return {
        "availability": _availability(ask, options),
        "distance": _distance(problem, ask, who),
        "interest_skill": _interest_skill(problem, ask, who),
        "continuity": _continuity(problem, ask, who),
        "shared": _shared(problem, ask, who),
        "wishes": _wishes(problem, ask, who),
    }


def basis_of(problem: Problem, ask: Ask, who: Ints, options: Bools) -> list[Basis]:
    """Return the numbers behind the points of eligible people, factor by factor."""
    shares = _shares(problem, ask, who, options)
    shares |= {name: (part[who], whole) for name, (part, whole) in problem.records.shares.items()}
    spread = {
        name: np.stack(np.broadcast_arrays(part, whole, who)[:2], axis=1).tolist()
        for name, (part, whole) in shares.items()
    }
    return [{name: tuple(spread[name][row]) for name in FACTORS} for row in range(len(who))]


def points_from(basis: Basis, weights: Mapping[str, int]) -> dict[str, int]:
    """Return the points that these numbers give under these weights, as `factor_points` does."""
    return {name: weights[name] * part // whole for name, (part, whole) in basis.items()}


def _availability(ask: Ask, options: Bools) -> Share:
    """Half for the share of visits a person can do, half for the choice of times they leave."""
    by_visit = np.add.reduceat(options, ask.filled_visits, axis=1, dtype=np.int64)
    visits = np.count_nonzero(by_visit, axis=1) * len(ask.day)
    times = np.count_nonzero(options, axis=1) * ask.visits
    return visits + times, 2 * ask.visits * len(ask.day)


def _distance(problem: Problem, ask: Ask, who: Ints) -> Share:
    minutes = home_minutes(problem, ask, who, home_km(problem, ask, who))
    return np.clip(FAR_MINUTES - minutes, 0, FAR_MINUTES - NEAR_MINUTES), FAR_MINUTES - NEAR_MINUTES


def _interest_skill(problem: Problem, ask: Ask, who: Ints) -> Share:
    """Two thirds for a focused wish, one third for skills of use here."""
    wanted = problem.volunteers.wanted[who]
    useful = sorted(ask.input.required_skills | ask.input.helpful_skills)
    held = [code_row(problem.volunteers.skills, code, who) for code in useful]
    count = np.sum(held, axis=0, dtype=np.int64) if held else np.ones(len(who), dtype=np.int64)
    each = max(len(useful), 1)
    focus = FOCUS - 1 + np.maximum(wanted, 1)
    return 2 * FOCUS * each + count * focus, 3 * each * focus


def _continuity(problem: Problem, ask: Ask, who: Ints) -> Share:
    together = problem.records.together.get(ask.input.person_id or ask.input.need_id, {})
    visits = np.zeros(len(who), dtype=np.int64)
    for volunteer, good in together.items():
        visits[who == volunteer] = min(good, TRUSTED_VISITS)
    return visits, TRUSTED_VISITS


def _shared(problem: Problem, ask: Ask, who: Ints) -> Share:
    rows = [code_row(problem.volunteers.topics, code, who) for code in sorted(ask.input.topics)]
    return _held(rows, who)


def _wishes(problem: Problem, ask: Ask, who: Ints) -> Share:
    rows = [code_row(problem.volunteers.traits, code, who) for code in sorted(ask.input.wishes)]
    return _held(rows, who)


def _held(rows: list[Bools], who: Ints) -> Share:
    """The share of what was asked for; nothing asked for gives nothing."""
    none = np.zeros(len(who), dtype=np.int64)
    return np.sum(rows, axis=0, dtype=np.int64) if rows else none, max(len(rows), 1)
