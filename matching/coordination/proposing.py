"""What a run found for each need, as rows: who is shut out, who could come, whom the plan chose."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination import loading, queries
from matching.coordination.agreements import Hold
from matching.coordination.barring import still_allowed
from matching.coordination.models import NeedOutcome, Proposal
from matching.coordination.rules import OPEN_PROPOSALS
from matching.coordination.superseding import supersede
from matching.engine import (
    Assignment,
    Candidate,
    NearMiss,
    NeedCandidates,
    Plan,
    PossibleSlot,
    Unplaced,
    possible_slots,
    rank,
    score_basis,
    visits_of,
)
from matching.engine.plan import ENGINE_VERSION
from matching.engine.scoring import Basis
from matching.needs.models import Need
from matching.needs.rules import PLANNED, PREVIEWED

MOST_STARTS = 48  # starts kept for one day: twelve hours of quarters
MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Answer:
    """A plan by need: whom it proposes for which visits, and which seats stay empty."""

    chosen: Mapping[str, Sequence[Assignment]]
    unplaced: Mapping[str, Sequence[Unplaced]]

    @property
    def seats(self) -> int:
        """How many seats the plan fills."""
        return sum(map(len, self.chosen.values()))

    def of(self, reference: str) -> tuple[Sequence[Assignment], Sequence[Unplaced]]:
        """Return what the plan says of one need."""
        return self.chosen.get(reference, ()), self.unplaced.get(reference, ())


NOTHING = Answer({}, {})


def answer_of(plan: Plan, held: Collection[Hold]) -> Answer:
    """Sort a plan by need; a locked seat is agreed already, unless a coordinator only holds it."""
    ours = {(hold.need, hold.lock.volunteer_id, hold.lock.on) for hold in held}
    chosen: defaultdict[str, list[Assignment]] = defaultdict(list)
    unplaced: defaultdict[str, list[Unplaced]] = defaultdict(list)
    for each in plan.assignments:
        if not each.locked or (each.need_id, each.volunteer_id, each.on) in ours:
            chosen[each.need_id].append(each)
    for missing in plan.unplaced:
        unplaced[missing.need_id].append(missing)
    return Answer(chosen, unplaced)


@dataclass(frozen=True)
class Found:
    """What the planner says of one need, as rows to write; the run's number comes with them."""

    need_id: int
    version: int
    outcome: dict[str, Any]
    proposals: list[dict[str, Any]]
    plan: tuple[Sequence[Assignment], Sequence[Unplaced]]

    def still_says(self, loaded: loading.Loaded, reference: str, answer: Answer) -> bool:
        """Tell whether need, people and plan are as they were; who could come is not looked at."""
        known = loaded.volunteers.values()
        return (
            self.version == loaded.needs[reference].version
            and self.plan == answer.of(reference)
            and {_row_of(proposal) for proposal in self.proposals} <= set(known)
        )


def _row_of(proposal: Mapping[str, Any]) -> tuple[int, int]:
    return proposal["volunteer_id"], proposal["snapshot"]["volunteer_version"]


def find(loaded: loading.Loaded, reference: str, answer: Answer) -> Found:
    """Rank people for a need and mark those whom the plan chose, however far down they stand."""
    need = loaded.needs[reference]
    assigned, unplaced = answer.of(reference)
    ranked = _ranked(loaded, reference, {assignment.volunteer_id for assignment in assigned})
    outcome = {
        "need_id": need.id,
        "eligible_count": ranked.eligible,
        "excluded": {gate.value: count for gate, count in ranked.excluded.items()},
        "unplaced": [_unplaced(each) for each in unplaced],
        "need_version": need.version,
        "visits": visits_of(loaded.problem, reference),
    }
    proposals = _proposals(loaded, reference, ranked, assigned)
    outcome["digest"] = _digest(outcome, proposals)
    return Found(need.id, need.version, outcome, proposals, (assigned, unplaced))


def _digest(outcome: Mapping[str, Any], proposals: Sequence[Mapping[str, Any]]) -> str:
    """A name for what was found; versions that led to the same are no difference."""
    told = [{**proposal, "snapshot": None} for proposal in proposals]
    text = json.dumps([outcome, told], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def different(session: Session, run_id: int, found: Sequence[Found]) -> list[Found]:
    """Leave out needs for which the plan as of a run says the same, its suggestions all open."""
    known = queries.digests(session, run_id)
    still_open = select(Proposal.need_id, Proposal.volunteer_id).where(
        Proposal.state.in_(OPEN_PROPOSALS)
    )
    open_pairs = {(row.need_id, row.volunteer_id) for row in session.execute(still_open)}
    return [
        each
        for each in found
        if known.get(each.need_id) != each.outcome["digest"]
        or any((each.need_id, row["volunteer_id"]) not in open_pairs for row in each.proposals)
    ]


def _ranked(loaded: loading.Loaded, reference: str, wanted: set[str]) -> NeedCandidates:
    """The best twenty, and those of `wanted` who stand further down, with their true rank."""
    ranked = rank(loaded.problem, [reference], MOST_CANDIDATES)[reference]
    if wanted <= {candidate.volunteer_id for candidate in ranked.candidates}:
        return ranked
    return rank(loaded.problem, [reference], ranked.eligible)[reference]


def _unplaced(missing: Unplaced) -> dict[str, Any]:
    return {
        "visit": missing.visit,
        "missing": missing.missing,
        "reason": str(missing.reason),
        "nearest": _nearest(missing.nearest),
    }


def _nearest(miss: NearMiss | None) -> dict[str, str] | None:
    return {"volunteer": miss.volunteer_id, "gate": str(miss.gate)} if miss else None


def _proposals(
    loaded: loading.Loaded,
    reference: str,
    ranked: NeedCandidates,
    assigned: Sequence[Assignment],
) -> list[dict[str, Any]]:
    planned: defaultdict[str, list[Assignment]] = defaultdict(list)
    for assignment in assigned:
        planned[assignment.volunteer_id].append(assignment)
    kept = [
        (place, candidate)
        for place, candidate in enumerate(ranked.candidates, start=1)
        if place <= MOST_CANDIDATES or candidate.volunteer_id in planned
    ]
    people = [candidate.volunteer_id for _, candidate in kept]
    slots = possible_slots(loaded.problem, reference, people)
    basis = score_basis(loaded.problem, reference, people)
    return [
        _proposal(loaded, reference, place, candidate, basis[candidate.volunteer_id])
        | _planned(planned[candidate.volunteer_id], slots[candidate.volunteer_id])
        for place, candidate in kept
    ]


def _proposal(
    loaded: loading.Loaded, reference: str, place: int, candidate: Candidate, basis: Basis
) -> dict[str, Any]:
    volunteer_id, version = loaded.volunteers[candidate.volunteer_id]
    need, weights = loaded.needs[reference], loaded.problem.options.weights
    return {
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
            "weights": weights.version,
            "points": dict(weights.points),
            "basis": basis,
        },
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


def unchanged(session: Session, found: Sequence[Found]) -> list[Found]:
    """Leave out needs that changed while we thought: their change has asked for a new run."""
    ids = [each.need_id for each in found]
    versions = {
        row.id: row.version
        for row in session.execute(select(Need.id, Need.version).where(Need.id.in_(ids)))
    }
    return [each for each in found if versions.get(each.need_id) == each.version]


def write(session: Session, run_id: int, found: Sequence[Found], now: datetime) -> None:
    """Replace the open suggestions of these needs by what this run found."""
    if not found:
        return
    supersede(session, Proposal.need_id.in_([each.need_id for each in found]))
    session.execute(insert(NeedOutcome), [each.outcome | {"run_id": run_id} for each in found])
    stamp = {"run_id": run_id, "proposed_at": now}
    proposals = _allowed(
        session, [proposal | stamp for each in found for proposal in each.proposals]
    )
    if proposals:
        # Someone already asked for this need keeps that proposal (BR-40).
        session.execute(
            insert(Proposal).on_conflict_do_nothing(
                index_elements=[Proposal.need_id, Proposal.volunteer_id],
                index_where=text("state IN ('suggested', 'selected', 'contacted')"),
            ),
            proposals,
        )


def end_others(session: Session) -> None:
    """Take the suggestions back that were made for needs nobody plans for any more."""
    waiting = select(Need.id).where(Need.state.in_((*PLANNED, *PREVIEWED)))
    supersede(session, Proposal.run_id.is_not(None), Proposal.need_id.not_in(waiting))


def _allowed(session: Session, proposals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out who was blocked, put on hold or took a consent back while the planner thought."""
    pairs = [(each["need_id"], each["volunteer_id"]) for each in proposals]
    allowed = still_allowed(session, pairs)
    return [each for each, pair in zip(proposals, pairs, strict=True) if pair in allowed]
