"""What runs, needs and pairs say of themselves, as plain values for commands and the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from matching.coordination import explaining, queries
from matching.coordination.models import PlanningRun, Proposal
from matching.kernel.errors import NotFound
from matching.needs.models import Need


def run_statement(run: PlanningRun) -> dict[str, Any]:
    """Return a run's figures; `objective` and `bound` are integers of any size."""
    return {
        "run_id": run.id,
        "state": run.state,
        "kind": run.kind,
        **run.counts,
        "objective": int(run.objective) if run.objective else None,
        "bound": int(run.bound) if run.bound else None,
        "gap": run.gap,
        "seconds": run.seconds,
        "method": run.method,
        "engine": run.engine_version,
        "weights": run.weights_version,
    }


def run_needs(session: Session, run: PlanningRun) -> dict[str, dict[str, Any]]:
    """Return for each need of a run its candidates, its gates' counts and what stayed open."""
    told: dict[str, dict[str, Any]] = {}
    runs: dict[int, int] = {}
    for outcome, need in queries.list_outcomes(session, run.id):
        runs[need.id] = outcome.run_id
        told[need.reference] = {
            "eligible": outcome.eligible_count,
            "excluded": outcome.excluded,
            "unplaced": outcome.unplaced,
            "candidates": [],
        }
    for proposal in session.scalars(
        select(Proposal)
        .where(tuple_(Proposal.need_id, Proposal.run_id).in_(runs.items()))
        .options(joinedload(Proposal.need), joinedload(Proposal.volunteer))
        .order_by(Proposal.need_id, Proposal.rank)
    ):
        if proposal.need is not None:
            told[proposal.need.reference]["candidates"].append(proposal_statement(proposal))
    return told


def proposal_statement(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal with every factor; its need and volunteer are loaded."""
    return {
        "proposal_id": proposal.id,
        "need_id": proposal.need.reference if proposal.need else proposal.need_reference,
        "volunteer_id": proposal.volunteer.reference,
        "state": proposal.state,
        "rank": proposal.rank,
        "score": proposal.score,
        "factors": proposal.factors,
        "recomputed": _recomputed(proposal),
        "km": proposal.km,
        "travel_minutes": proposal.travel_minutes,
        "planned": proposal.planned,
        "uncertain": proposal.uncertain,
        "slots": proposal.slots,
    }


def need_statement(session: Session, reference: str) -> dict[str, Any]:
    """Return what the newest run found for a need; raises NotFound."""
    need = _need(session, reference)
    outcome = queries.find_outcome(session, need.id)
    return {
        "need_id": need.reference,
        "state": need.state,
        "eligible": outcome.eligible_count if outcome else None,
        "excluded": outcome.excluded if outcome else {},
        "unplaced": outcome.unplaced if outcome else [],
        "candidates": [
            proposal_statement(proposal) for proposal in queries.list_candidates(session, need.id)
        ],
    }


def pair_statement(session: Session, reference: str, volunteer: str, today: date) -> dict[str, Any]:
    """Return every factor of a pair, or every gate that shuts the volunteer out."""
    need = _need(session, reference)
    try:
        found = explaining.explain_pair(session, need, volunteer, today)
    except NotFound:
        raise NotFound(f"ボランティア {volunteer} は見つかりませんでした。") from None
    return {
        "need_id": reference,
        "volunteer_id": volunteer,
        "eligible": found.first_gate is None,
        "first_gate": found.first_gate,
        "gates": {gate: dict(facts) for gate, facts in found.gates.items()},
        "score": found.score,
        "factors": dict(found.factors),
        "stored": _stored(explaining.newest_proposal(session, need.id, volunteer)),
    }


def _stored(proposal: Proposal | None) -> dict[str, Any] | None:
    """What was said when the pair was last proposed, worked out again from what was kept then."""
    if proposal is None:
        return None
    return {
        "proposal_id": proposal.id,
        "run_id": proposal.run_id,
        "proposed_at": proposal.proposed_at.isoformat(),
        "weights": proposal.snapshot.get("weights"),
        "need_version": proposal.snapshot.get("need_version"),
        "volunteer_version": proposal.snapshot.get("volunteer_version"),
        "score": proposal.score,
        "factors": proposal.factors,
        "recomputed": _recomputed(proposal),
    }


def _recomputed(proposal: Proposal) -> str:
    """Whether the numbers kept with a proposal still give its factors."""
    again = explaining.recompute(proposal)
    if again is None:
        return "not kept"
    return "same" if again == proposal.factors else "different"


def _need(session: Session, reference: str) -> Need:
    need = session.scalar(
        select(Need).where(Need.reference == reference).options(joinedload(Need.requester))
    )
    if need is None:
        raise NotFound(f"困りごと {reference} は見つかりませんでした。")
    return need
