"""The best volunteers for each need, with every factor, and what shuts the others out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.engine.arrays import Bools
from matching.engine.distances import home_km, home_minutes
from matching.engine.eligibility import Sifted, sift
from matching.engine.gates import GATES, Gate
from matching.engine.problem import Ask, Problem
from matching.engine.scoring import Basis, basis_of, factor_points
from matching.engine.weights import FACTORS


class Doubt(StrEnum):
    """What a score does not know for sure."""

    INSURANCE_TO_BUY = "insurance_to_buy"
    DISTANCE_LIMIT_UNKNOWN = "distance_limit_unknown"
    TRANSPORT_UNKNOWN = "transport_unknown"
    NEVER_OFFERED = "never_offered"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One eligible volunteer; `factors` sum to `score` (0…1000)."""

    volunteer_id: str
    score: int
    factors: Mapping[str, int]
    km: float
    travel_minutes: int
    visits: tuple[int, ...]  # numbers of the visits this person can do
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class NeedCandidates:
    """The top of the list of one need and a state for everybody else."""

    need_id: str
    candidates: tuple[Candidate, ...]
    eligible: int
    excluded: Mapping[Gate, int]  # active people only, by first gate


def rank(
    problem: Problem, need_ids: Iterable[str] | None = None, top: int = 20
) -> dict[str, NeedCandidates]:
    """Return the best `top` volunteers of each need, best first, ties by volunteer number."""
    wanted = problem.need_index if need_ids is None else need_ids
    return {need_id: _of_need(problem, need_id, top) for need_id in wanted}


def score_basis(problem: Problem, need_id: str, volunteer_ids: Iterable[str]) -> dict[str, Basis]:
    """Return for eligible people the numbers behind each factor: `points_from` gives the points."""
    ask = problem.asks[problem.need_index[need_id]]
    known = sorted(problem.volunteer_index[volunteer_id] for volunteer_id in volunteer_ids)
    sifted = sift(problem, ask, np.array(known, dtype=np.int64))
    rows = basis_of(problem, ask, sifted.who, sifted.options) if len(sifted.who) else []
    names = [problem.volunteer_id(volunteer) for volunteer in sifted.who.tolist()]
    return dict(zip(names, rows, strict=True))


def excluded_people(problem: Problem, need_id: str) -> dict[Gate, tuple[str, ...]]:
    """Return the active people each gate shuts out first, by gate in the order of naming."""
    first_gate = sift(problem, problem.asks[problem.need_index[need_id]]).first_gate
    return {
        gate: tuple(problem.volunteers.ids[first_gate == position].tolist())
        for position, gate in enumerate(GATES)
        if position > 0 and (first_gate == position).any()
    }


def _of_need(problem: Problem, need_id: str, top: int) -> NeedCandidates:
    ask = problem.asks[problem.need_index[need_id]]
    sifted = sift(problem, ask)
    return NeedCandidates(
        need_id, _best(problem, ask, sifted, top), len(sifted.who), sifted.excluded()
    )


def _best(problem: Problem, ask: Ask, sifted: Sifted, top: int) -> tuple[Candidate, ...]:
    if not len(sifted.who):
        return ()
    points = factor_points(problem, ask, sifted.who, sifted.options)
    order = np.argsort(-points.sum(axis=1), kind="stable")[:top]
    who, points = sifted.who[order], points[order]
    km = home_km(problem, ask, who)
    minutes = home_minutes(problem, ask, who, km)
    visits, last_days = _visits(ask, sifted.options[order])
    rows = zip(
        who.tolist(), points.tolist(), km.tolist(), minutes.tolist(), visits, last_days, strict=True
    )
    return tuple(
        Candidate(
            volunteer_id=problem.volunteer_id(volunteer),
            score=sum(factors),
            factors=dict(zip(FACTORS, factors, strict=True)),
            km=round(way, 3),
            travel_minutes=trip,
            visits=numbers,
            doubts=_doubts(problem, ask, volunteer, last_day),
        )
        for volunteer, factors, way, trip, numbers, last_day in rows
    )


def _visits(ask: Ask, options: Bools) -> tuple[list[tuple[int, ...]], list[int]]:
    """Return the numbers of the visits each person can do, and the last possible day."""
    numbers = ask.visit[ask.filled_visits] + 1
    able = np.logical_or.reduceat(options, ask.filled_visits, axis=1)
    last_days = np.where(options, ask.day, 0).max(axis=1)
    return [tuple(numbers[row].tolist()) for row in able], last_days.tolist()


def _doubts(problem: Problem, ask: Ask, volunteer: int, last_day: int) -> tuple[Doubt, ...]:
    people, person = problem.volunteers, problem.volunteers.inputs[volunteer]
    found: list[Doubt] = []
    if ask.input.insurance_needed and people.insured_until[volunteer] < last_day:
        found.append(Doubt.INSURANCE_TO_BUY)
    if person.max_distance_km is None:
        found.append(Doubt.DISTANCE_LIMIT_UNKNOWN)
    if not person.transport:
        found.append(Doubt.TRANSPORT_UNKNOWN)
    if not problem.records.recent[volunteer]:
        found.append(Doubt.NEVER_OFFERED)
    return tuple(found)
