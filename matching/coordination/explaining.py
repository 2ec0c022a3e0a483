"""Why somebody is, or is not, proposed for a need: asked of the planner with today's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.coordination import loading
from matching.coordination.models import Proposal
from matching.engine import Problem, excluded_people, explain, points_from
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.row_security import citywide
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.volunteers.models import Volunteer

MOST_NAMES = 200


@dataclass(frozen=True)
class Pair:
    """One volunteer seen against one need: gates with their facts, or factors that sum to score."""

    volunteer: Volunteer
    first_gate: str | None
    gates: Mapping[str, Mapping[str, object]]
    factors: Mapping[str, int]
    score: int


def explain_pair(
    session: Session,
    need: Need,
    volunteer_reference: str,
    today: date,
    actor: Actor | None = None,
) -> Pair:
    """Return everything that speaks for or against a volunteer; raises NotFound out of reach."""
    found_by = select(Volunteer).where(Volunteer.reference == volunteer_reference)
    if actor is not None:
        found_by = found_by.where(visible(Volunteer, actor, "need.candidates"))
    volunteer = session.scalar(found_by.options(joinedload(Volunteer.person)))
    if volunteer is None:
        raise NotFound
    with citywide(session):
        problem = loading.load_pair(session, today, need.id, volunteer.id).problem
    found = explain(problem, need.reference, volunteer.reference)
    return Pair(
        volunteer,
        found.first_gate.value if found.first_gate else None,
        {gate.value: facts for gate, facts in found.gates.items()},
        found.factors,
        found.score,
    )


def recompute(proposal: Proposal) -> dict[str, int] | None:
    """Return the factors that the numbers kept with a proposal give; None before they were kept.

    Nothing of today is read: what was said of a volunteer later changes no old explanation.
    """
    basis, points = proposal.snapshot.get("basis"), proposal.snapshot.get("points")
    if not basis or not points:
        return None
    return points_from({name: (part, whole) for name, (part, whole) in basis.items()}, points)


def newest_proposal(session: Session, need_id: int, volunteer_reference: str) -> Proposal | None:
    """Return the last proposal of a pair that a run made, whatever has become of it."""
    return session.scalar(
        select(Proposal)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .where(Proposal.need_id == need_id, Proposal.run_id.is_not(None))
        .where(Volunteer.reference == volunteer_reference)
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def names_by_gate(
    session: Session, need: Need, gate: str, today: date, actor: Actor
) -> list[tuple[Volunteer, Mapping[str, object]]]:
    """Return the active volunteers (that an actor may know of) whom a gate shuts out first.

    With the facts of each.
    """
    with citywide(session):
        problem = loading.load_need(session, today, need.id).problem
    shut = next(
        (
            people
            for found, people in excluded_people(problem, need.reference).items()
            if found.value == gate
        ),
        (),
    )
    volunteers = session.scalars(
        select(Volunteer)
        .where(Volunteer.reference.in_(shut), visible(Volunteer, actor, "need.candidates"))
        .options(joinedload(Volunteer.person))
        .order_by(Volunteer.id)
        .limit(MOST_NAMES)
    ).all()
    return [(who, _facts(problem, need, who, gate)) for who in volunteers]


def _facts(problem: Problem, need: Need, volunteer: Volunteer, gate: str) -> Mapping[str, object]:
    gates = explain(problem, need.reference, volunteer.reference).gates
    return next((facts for found, facts in gates.items() if found.value == gate), {})
