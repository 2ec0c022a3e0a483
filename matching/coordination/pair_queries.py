"""How standing locks and forbids, and what runs changed, are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matching.coordination import queries
from matching.coordination.models import PlanningRun, Proposal
from matching.coordination.plan_models import PairRule, PlanChange, PlanOpener
from matching.kernel.actor import Actor
from matching.kernel.permissions import only_areas
from matching.needs.models import Need
from matching.volunteers.models import Volunteer


def list_pair_rules(
    session: Session, actor: Actor, today: date, need_id: int | None = None
) -> Sequence[PairRule]:
    """Return what coordinators hold or rule out within reach, newest first; past visits end it."""
    found = (
        select(PairRule)
        .join(PairRule.need)
        .where(PairRule.released_at.is_(None))
        .where(PairRule.visit_on.is_(None) | (PairRule.visit_on >= today))
        .options(
            contains_eager(PairRule.need).joinedload(Need.requester),
            joinedload(PairRule.volunteer).joinedload(Volunteer.person),
        )
        .order_by(PairRule.id.desc())
    )
    found = found.where(queries.pair_told_of(actor, PairRule))
    if need_id is not None:
        found = found.where(PairRule.need_id == need_id)
    return session.scalars(found).all()


def list_changes(
    session: Session, run: PlanningRun, actor: Actor, *, since_yesterday: bool = False
) -> Sequence[PlanChange]:
    """Return the seats that a run changed, or all that changed this day, what came back left out.

    Those of needs out of the actor's reach are left out.
    """
    runs = select(PlanningRun.id).where(PlanningRun.id == run.id)
    if since_yesterday:
        runs = select(PlanningRun.id).where(
            PlanningRun.planned_on == run.planned_on, PlanningRun.id <= run.id
        )
    found = (
        select(PlanChange)
        .join(PlanChange.need)
        .where(PlanChange.run_id.in_(runs))
        .options(
            contains_eager(PlanChange.need).joinedload(Need.requester),
            joinedload(PlanChange.volunteer).joinedload(Volunteer.person),
        )
        .order_by(PlanChange.run_id, PlanChange.position)
    )
    found = found.where(queries.pair_told_of(actor, PlanChange))
    return net(session.scalars(found).all())


def net(changes: Sequence[PlanChange]) -> list[PlanChange]:
    """Leave out seats that somebody left and came back to, or came to and left again."""
    kept: dict[tuple[int, int, date, int], PlanChange] = {}
    for change in changes:
        seat = change.need_id, change.volunteer_id, change.visit_on, change.start_minutes
        if seat in kept and kept[seat].way != change.way:
            del kept[seat]
        else:
            kept[seat] = change
    return list(kept.values())


def list_openers(session: Session, run_id: int, actor: Actor) -> Sequence[PlanOpener]:
    """Return what one more person of a kind would open, as the newest look up to a run found."""
    newest = select(func.max(PlanOpener.run_id)).where(PlanOpener.run_id <= run_id)
    found = select(PlanOpener).where(PlanOpener.run_id == newest.scalar_subquery())
    areas = only_areas(actor)
    if areas is not None:
        found = found.where(PlanOpener.area_code.in_(areas))
    return session.scalars(found.order_by(PlanOpener.seats.desc(), PlanOpener.position)).all()


def find_suggestion(session: Session, need_id: int, volunteer_id: int) -> Proposal | None:
    """Return the open suggestion of a pair."""
    return session.scalar(
        select(Proposal).where(
            Proposal.need_id == need_id,
            Proposal.volunteer_id == volunteer_id,
            Proposal.state == "suggested",
        )
    )


def usual_seconds(session: Session, kind: str, most: int = 5) -> float | None:
    """Return how long the last runs of a kind took in the middle; None before the first."""
    last = (
        select(PlanningRun.seconds)
        .where(PlanningRun.kind == kind, PlanningRun.state == "done")
        .order_by(PlanningRun.id.desc())
        .limit(most)
    )
    seconds = sorted(value for value in session.scalars(last) if value is not None)
    return seconds[len(seconds) // 2] if seconds else None
