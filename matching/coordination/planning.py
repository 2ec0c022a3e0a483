"""One planning run: score and plan every need that waits, write proposals with reasons."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination import loading
from matching.coordination.forecasting import store_chances
from matching.coordination.locking import lock_proposals, one_run_at_a_time
from matching.coordination.models import NeedOutcome, PlanningRun, Proposal
from matching.coordination.superseding import supersede
from matching.engine import (
    Assignment,
    Candidate,
    NearMiss,
    NeedCandidates,
    Plan,
    PossibleSlot,
    possible_slots,
    rank,
    solve,
    visits_of,
)
from matching.engine.plan import ENGINE_VERSION
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.needs.models import Need
from matching.needs.rules import PLANNED, PREVIEWED

MOST_STARTS = 48  # starts kept for one day: twelve hours of quarters


def plan_all(session: Session, actor: Actor, now: datetime) -> PlanningRun:
    """Plan the needs that are ready, rank people for those still in triage, write both.

    Runs wait for each other, so the newest run has seen every change that asked for it.
    """
    one_run_at_a_time(session)
    started = time.perf_counter()
    today = local_date(now)
    standing = loading.read_standing(session, today)
    ready = loading.load(session, standing, PLANNED)
    preview = loading.load(session, standing, PREVIEWED)
    run = _run(session, actor, now)
    plan = solve(ready.problem)
    found = _find(run, ready, plan, now) + _find(run, preview, None, now)
    lock_proposals(session)
    _write(session, _unchanged(session, found))
    store_chances(session, run, now)
    _finish(run, ready, plan, now, time.perf_counter() - started)
    audit.record(session, actor, now, "planned", "planning_run", run.id, **run.counts)
    return run


@dataclass(frozen=True)
class _Found:
    """What the planner says of one need, as rows to write."""

    need_id: int
    version: int
    outcome: dict[str, Any]
    proposals: list[dict[str, Any]]


def _run(session: Session, actor: Actor, now: datetime) -> PlanningRun:
    run = PlanningRun(
        state="running",
        asked_by_id=actor.account_id,
        started_at=now,
        planned_on=local_date(now),
        counts={},
    )
    session.add(run)
    session.flush()
    return run


def _finish(
    run: PlanningRun, ready: loading.Loaded, plan: Plan, now: datetime, seconds: float
) -> None:
    run.state, run.finished_at = "done", now
    figures = plan.figures
    run.counts = {
        "needs": len(ready.needs),
        "visits": figures.visits,
        "seats": figures.seats,
        "pairs": figures.pairs,
        "placed": sum(not assignment.locked for assignment in plan.assignments),
        "unplaced": sum(missing.missing for missing in plan.unplaced),
        "weighted_seats": figures.weighted_seats,
        "weighted_seats_bound": figures.weighted_seats_bound,
        "score": figures.score,
    }
    run.objective, run.bound = str(figures.objective), str(figures.bound)
    run.gap, run.method, run.seconds = figures.gap, figures.method, round(seconds, 3)
    run.engine_version, run.weights_version = figures.engine, figures.weights


def _find(
    run: PlanningRun, loaded: loading.Loaded, plan: Plan | None, now: datetime
) -> list[_Found]:
    chosen, unplaced = _by_need(plan)
    return [
        _Found(
            need.id,
            need.version,
            _outcome(run, need, ranked, unplaced[reference])
            | {"visits": visits_of(loaded.problem, reference)},
            _proposals(run, loaded, reference, ranked, chosen[reference], now),
        )
        for reference, ranked in rank(loaded.problem).items()
        for need in [loaded.needs[reference]]
    ]


def _unchanged(session: Session, found: Sequence[_Found]) -> list[_Found]:
    """Leave out needs that changed while we thought: their change has asked for a new run."""
    ids = [each.need_id for each in found]
    versions = {
        row.id: row.version
        for row in session.execute(select(Need.id, Need.version).where(Need.id.in_(ids)))
    }
    return [each for each in found if versions.get(each.need_id) == each.version]


def _write(session: Session, found: Sequence[_Found]) -> None:
    """Replace the open suggestions of these needs by what this run found."""
    if not found:
        return
    supersede(session, Proposal.need_id.in_([each.need_id for each in found]))
    session.execute(insert(NeedOutcome), [each.outcome for each in found])
    proposals = [proposal for each in found for proposal in each.proposals]
    if proposals:
        # Someone already asked for this need keeps that proposal (BR-40).
        session.execute(
            insert(Proposal).on_conflict_do_nothing(
                index_elements=[Proposal.need_id, Proposal.volunteer_id],
                index_where=text("state IN ('suggested', 'selected', 'contacted')"),
            ),
            proposals,
        )


def _by_need(
    plan: Plan | None,
) -> tuple[Mapping[str, list[Assignment]], Mapping[str, list[dict[str, Any]]]]:
    chosen: defaultdict[str, list[Assignment]] = defaultdict(list)
    unplaced: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    if plan is not None:
        for assignment in plan.assignments:
            if assignment.locked:
                continue  # agreed already
            chosen[assignment.need_id].append(assignment)
        for missing in plan.unplaced:
            unplaced[missing.need_id].append(
                {
                    "visit": missing.visit,
                    "missing": missing.missing,
                    "reason": str(missing.reason),
                    "nearest": _nearest(missing.nearest),
                }
            )
    return chosen, unplaced


def _nearest(miss: NearMiss | None) -> dict[str, str] | None:
    return {"volunteer": miss.volunteer_id, "gate": str(miss.gate)} if miss else None


def _outcome(
    run: PlanningRun, need: Any, ranked: NeedCandidates, unplaced: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "need_id": need.id,
        "eligible_count": ranked.eligible,
        "excluded": {gate.value: count for gate, count in ranked.excluded.items()},
        "unplaced": unplaced,
        "need_version": need.version,
    }


def _proposals(
    run: PlanningRun,
    loaded: loading.Loaded,
    reference: str,
    ranked: NeedCandidates,
    chosen: Sequence[Assignment],
    now: datetime,
) -> list[dict[str, Any]]:
    people = [candidate.volunteer_id for candidate in ranked.candidates]
    slots = possible_slots(loaded.problem, reference, people)
    planned: defaultdict[str, list[Assignment]] = defaultdict(list)
    for assignment in chosen:
        planned[assignment.volunteer_id].append(assignment)
    return [
        _proposal(run, loaded, reference, place, candidate, slots[candidate.volunteer_id], now)
        | _planned(planned[candidate.volunteer_id], slots[candidate.volunteer_id])
        for place, candidate in enumerate(ranked.candidates, start=1)
    ]


def _proposal(
    run: PlanningRun,
    loaded: loading.Loaded,
    reference: str,
    place: int,
    candidate: Candidate,
    slots: Sequence[PossibleSlot],
    now: datetime,
) -> dict[str, Any]:
    volunteer_id, version = loaded.volunteers[candidate.volunteer_id]
    need = loaded.needs[reference]
    return {
        "run_id": run.id,
        "need_id": need.id,
        "volunteer_id": volunteer_id,
        "category_code": need.category_code,
        "state": "suggested",
        "rank": place,
        "score": candidate.score,
        "factors": dict(candidate.factors),
        "km": candidate.km,
        "travel_minutes": candidate.travel_minutes,
        "uncertain": [str(doubt) for doubt in candidate.doubts],
        "snapshot": {
            "need_version": need.version,
            "volunteer_version": version,
            "engine": ENGINE_VERSION,
            "weights": loaded.problem.options.weights.version,
        },
        "proposed_at": now,
    }


def _planned(chosen: Sequence[Assignment], slots: Sequence[PossibleSlot]) -> dict[str, Any]:
    """The days and starts a candidate could make, what the plan chose marked."""
    at = {(assignment.visit, assignment.on): assignment.start_minutes for assignment in chosen}
    return {
        "planned": bool(chosen),
        "slots": [
            {
                "visit": slot.visit,
                "on": slot.on.isoformat(),
                "starts": list(slot.starts[:MOST_STARTS]),
                "minutes": slot.duration_minutes,
                "planned": at.get((slot.visit, slot.on)),
            }
            for slot in slots
        ],
    }
