"""How runs, proposals and placements are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Subquery,
    column,
    exists,
    func,
    select,
    table,
    tuple_,
)
from sqlalchemy.orm import Session, contains_eager, joinedload

from matching.coordination.models import NeedOutcome, Placement, PlanningRun, Proposal
from matching.coordination.rules import OPEN_PROPOSALS
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.permissions import STAFF
from matching.kernel.row_security import at_the_wall
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.needs.rules import PLANNED
from matching.people.models import Person
from matching.people.sight import concealed_from
from matching.volunteers.models import Volunteer

_OUTCOME = (NeedOutcome.need_id, NeedOutcome.run_id)


def find_latest_run(session: Session, *, state: str | None = None) -> PlanningRun | None:
    """Return the newest planning run (of a state)."""
    found = select(PlanningRun).order_by(PlanningRun.id.desc()).limit(1)
    return session.scalar(found.where(PlanningRun.state == state) if state else found)


def pair_told_of(actor: Actor, row: Any) -> ColumnElement[bool]:
    """Limit rows of a need and a volunteer to those that the desk shows to an actor."""
    return visible(row, actor, "desk.read")


def helper_told_of(actor: Actor, row: Any) -> ColumnElement[bool]:
    """Limit rows with a volunteer to those whose volunteer an actor may know of."""
    told: ColumnElement[bool] = row.volunteer.has(Volunteer.person_id.not_in(concealed_from(actor)))
    return told


def list_candidates(
    session: Session, need_id: int, actor: Actor | None = None
) -> Sequence[Proposal]:
    """Return the open proposals of a need, best first, with volunteer and person.

    For an actor only those of people they may know of.
    """
    found = (
        select(Proposal)
        .where(Proposal.need_id == need_id, Proposal.state.in_(OPEN_PROPOSALS))
        .options(joinedload(Proposal.volunteer).joinedload(Volunteer.person))
        .order_by(Proposal.rank, Proposal.id)
    )
    return session.scalars(found.where(helper_told_of(actor, Proposal)) if actor else found).all()


def find_outcome(session: Session, need_id: int) -> NeedOutcome | None:
    """Return what the newest run found for a need."""
    return session.scalar(
        select(NeedOutcome)
        .where(NeedOutcome.need_id == need_id)
        .order_by(NeedOutcome.run_id.desc())
        .limit(1)
    )


def get_proposal(session: Session, proposal_id: int, actor: Actor) -> Proposal:
    """Return a proposal with its need and volunteer; raises NotFound out of reach."""
    found = (
        select(Proposal)
        .where(Proposal.id == proposal_id, pair_told_of(actor, Proposal))
        .options(joinedload(Proposal.need), joinedload(Proposal.volunteer))
    )
    with at_the_wall(session):
        proposal = session.scalar(found)
    if proposal is None:
        raise NotFound
    return proposal


def newest_of_pair(session: Session, proposal: Proposal) -> Proposal:
    """Return what the newest run says of a pair, where it has replaced the suggestion in hand."""
    if proposal.state != "superseded":
        return proposal
    newer = session.scalar(
        select(Proposal)
        .where(Proposal.need_id == proposal.need_id, Proposal.volunteer_id == proposal.volunteer_id)
        .where(Proposal.state.in_(("suggested", "selected")))
        .options(joinedload(Proposal.need), joinedload(Proposal.volunteer))
    )
    return newer or proposal


def get_with_need(session: Session, proposal_id: int) -> Proposal:
    """Return a proposal with its need and volunteer, for whoever holds its link."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(joinedload(Proposal.need), joinedload(Proposal.volunteer))
        .execution_options(populate_existing=True)
    ).one()


def person_of(session: Session, proposal: Proposal) -> Person:
    """Return who is behind the volunteer of a proposal."""
    return session.get_one(Person, proposal.volunteer.person_id)


def get_offer(session: Session, proposal_id: int, actor: Actor) -> Proposal:
    """Return a proposal for who may answer it: its volunteer, or staff within reach."""
    proposal = session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(joinedload(Proposal.need), joinedload(Proposal.volunteer))
    )
    if proposal is None or proposal.need is None:
        raise NotFound
    own = actor.person_id is not None and proposal.volunteer.person_id == actor.person_id
    if own:
        return proposal
    if STAFF.isdisjoint(actor.roles):
        raise NotFound
    return get_proposal(session, proposal_id, actor)


def get_to_agree(session: Session, proposal_id: int, actor: Actor) -> Proposal:
    """Return a proposal for who may agree to it: the resident it is for, or staff within reach."""
    own = select(Proposal).join(Need, Need.id == Proposal.need_id)
    own = own.where(Proposal.id == proposal_id, Need.requester_id == actor.person_id)
    mine = session.scalar(own) if actor.person_id is not None else None
    if mine is not None:
        return get_with_need(session, mine.id)
    if STAFF.isdisjoint(actor.roles):
        raise NotFound
    return get_proposal(session, proposal_id, actor)


_VISITS = table("activities", column("placement_id"), column("state"))


def not_begun() -> ColumnElement[bool]:
    """Limit placements to those of which nothing has been told: what was is not undone."""
    known = _VISITS.c.state != "confirmed"
    return ~exists().where(_VISITS.c.placement_id == Placement.id, known)


def list_placements(
    session: Session,
    *,
    need_id: int | None = None,
    volunteer_id: int | None = None,
    actor: Actor | None = None,
    since: datetime | None = None,
    cancelled: bool = False,
) -> Sequence[Placement]:
    """Return placements by the time of their visit, with need, requester, volunteer and person.

    For an actor only those within reach, of people they may know of.
    """
    found = (
        select(Placement)
        .options(
            joinedload(Placement.need).joinedload(Need.requester),
            joinedload(Placement.volunteer).joinedload(Volunteer.person),
        )
        .order_by(Placement.starts_at, Placement.id)
    )
    if need_id is not None:
        found = found.where(Placement.need_id == need_id)
    if volunteer_id is not None:
        found = found.where(Placement.volunteer_id == volunteer_id)
    if actor is not None:
        found = found.where(pair_told_of(actor, Placement))
    if since is not None:
        found = found.where(Placement.ends_at >= since)
    if not cancelled:
        found = found.where(Placement.state != "cancelled")
    return session.scalars(found).all()


def load_of(session: Session, volunteer_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """Count the agreed visits of volunteers from an instant on."""
    counted = session.execute(
        select(Placement.volunteer_id, func.count())
        .where(Placement.volunteer_id.in_(volunteer_ids), Placement.state != "cancelled")
        .where(Placement.starts_at >= since)
        .group_by(Placement.volunteer_id)
    )
    return {row[0]: row[1] for row in counted}


def _first_of(run_id: int) -> ScalarSelect[int]:
    """The full run that a run builds on: what both and those between them wrote stands."""
    return (
        select(func.max(PlanningRun.id))
        .where(PlanningRun.id <= run_id, PlanningRun.kind == "full", PlanningRun.state == "done")
        .scalar_subquery()
    )


def list_planned(session: Session, run_id: int, actor: Actor | None) -> Sequence[Proposal]:
    """Return the proposals that the plan chose as of a run and that are still open.

    For an actor only those within reach, of people they may know of.
    """
    found = (
        select(Proposal)
        .join(Need, Need.id == Proposal.need_id)
        .where(Proposal.run_id.between(_first_of(run_id), run_id), Need.state.in_(PLANNED))
        .where(Proposal.planned, Proposal.state == "suggested")
        .options(
            contains_eager(Proposal.need).joinedload(Need.requester),
            joinedload(Proposal.volunteer).joinedload(Volunteer.person),
        )
        .order_by(Need.reference, Proposal.rank)
    )
    return session.scalars(found.where(pair_told_of(actor, Proposal)) if actor else found).all()


def newest_outcomes(run_id: int) -> Subquery:
    """Return need and run of the newest outcome of each need as of a run."""
    return (
        select(NeedOutcome.need_id, func.max(NeedOutcome.run_id).label("run_id"))
        .where(NeedOutcome.run_id.between(_first_of(run_id), run_id))
        .group_by(NeedOutcome.need_id)
        .subquery()
    )


def list_outcomes(
    session: Session, run_id: int, actor: Actor | None = None
) -> Sequence[tuple[NeedOutcome, Need]]:
    """Return what is known of each need (within reach) as of a run: the newest outcome of each."""
    newest = newest_outcomes(run_id)
    found = (
        select(NeedOutcome, Need)
        .join(newest, tuple_(newest.c.need_id, newest.c.run_id) == tuple_(*_OUTCOME))
        .join(Need, Need.id == NeedOutcome.need_id)
        .options(joinedload(Need.requester))
        .order_by(Need.reference)
    )
    if actor is not None:
        found = found.where(visible(Need, actor, "need.read"), told_of(actor))
    return [(outcome, need) for outcome, need in session.execute(found)]


def digests(session: Session, run_id: int) -> dict[int, str]:
    """Return the name of what is known of each need as of a run, by the need's number."""
    newest = newest_outcomes(run_id)
    found = session.execute(
        select(NeedOutcome.need_id, NeedOutcome.digest).join(
            newest, tuple_(newest.c.need_id, newest.c.run_id) == tuple_(*_OUTCOME)
        )
    )
    return {row.need_id: row.digest for row in found}


def list_gaps(
    session: Session, run_id: int, actor: Actor | None
) -> Sequence[tuple[NeedOutcome, Need]]:
    """Return what the plan could not place as of a run, with the need."""
    return [
        (outcome, need)
        for outcome, need in list_outcomes(session, run_id, actor)
        if outcome.unplaced and need.state in PLANNED
    ]


def list_offers(session: Session, volunteer_id: int) -> Sequence[Proposal]:
    """Return what a volunteer is being asked now, oldest first, with the need."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.volunteer_id == volunteer_id, Proposal.state == "contacted")
        .options(joinedload(Proposal.need))
        .order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def volunteers_within(actor: Actor) -> ColumnElement[bool]:
    """Limit volunteers to those that the desk shows to an actor."""
    return visible(Volunteer, actor, "volunteer.read")
