"""Swapping: two volunteers take each other's visit in one act, or nothing changes at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.leaving import BEGUN, open_for
from matching.activities.queries import get_visit
from matching.activities.recording import STALE, open_activity
from matching.activities.rules import TRANSITIONS
from matching.coordination import placing
from matching.coordination.answering import known_to_each_other
from matching.coordination.cancelling import take_back
from matching.coordination.confirming import TELL_BOTH, advance, settle, take
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.placing import Choice
from matching.kernel import audit, clock, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.permissions import sees_area
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.volunteers.models import Volunteer

SAME = "別の方の活動を選んでください。"
SWAPPED = "交代のため"
WITHIN = timedelta(days=14)


def swap(
    session: Session, first_id: int, second_id: int, actor: Actor, now: datetime
) -> list[Placement]:
    """Let the volunteers of two visits that have not begun change places; returns the new ones.

    Every gate is looked at again for both, so an overlap refuses the whole swap. A resident who
    does not know the new person is asked first: until then that seat is held.
    """
    lock_proposals(session)
    visits = [_visit(session, number, actor, now) for number in (first_id, second_id)]
    if visits[0].volunteer_id == visits[1].volunteer_id:
        raise Invalid(SAME, field="other")
    for volunteer_id in sorted(each.volunteer_id for each in visits):
        placing.hold_volunteer(session, volunteer_id)
    for visit in visits:
        leave_seat(session, visit, actor, now)
    takers = (visits[1].volunteer, visits[0].volunteer)
    made = [
        take_seat(session, visit, taker, actor, now)
        for visit, taker in zip(visits, takers, strict=True)
    ]
    audit.record(session, actor, now, "placements_swapped", "placement", first_id, other=second_id)
    return made


def partners(
    session: Session, placement: Placement, actor: Actor, now: datetime
) -> Sequence[Placement]:
    """Return other people's visits of the two weeks around a visit, nearest first in time."""
    found = session.scalars(
        select(Placement)
        .where(Placement.state.in_(("held", "confirmed")), Placement.starts_at > now)
        .where(
            Placement.starts_at.between(placement.starts_at - WITHIN, placement.starts_at + WITHIN)
        )
        .where(Placement.volunteer_id != placement.volunteer_id)
        .options(
            joinedload(Placement.need).joinedload(Need.requester),
            joinedload(Placement.volunteer).joinedload(Volunteer.person),
        )
    ).all()
    near = [each for each in found if sees_area(actor, each.need.area_code)]
    same = session.get_one(Need, placement.need_id).category_code
    return sorted(
        near,
        key=lambda each: (
            each.need.category_code != same,
            abs(each.starts_at - placement.starts_at),
            each.id,
        ),
    )[:30]


def _visit(session: Session, placement_id: int, actor: Actor, now: datetime) -> Placement:
    placement, _activity = get_visit(session, placement_id, actor)
    if placement.state not in {"held", "confirmed"}:
        raise Conflict(STALE, code="state")
    if placement.starts_at <= now:
        raise Conflict(BEGUN, code="state")
    return placement


def leave_seat(session: Session, visit: Placement, actor: Actor, now: datetime) -> None:
    """Free the seat of a visit for somebody else; the caller holds the locks."""
    activity = open_activity(session, visit)
    transitions.move(session, activity, TRANSITIONS, "cancelled_center", STALE)
    take_back(session, visit, lock_need(session, visit.need_id), SWAPPED, actor, now)
    tasks.close_tasks(session, ("placement", visit.id), now)


def take_seat(
    session: Session, visit: Placement, volunteer: Volunteer, actor: Actor, now: datetime
) -> Placement:
    """Seat somebody on a visit that was left, settled where the two know each other.

    Otherwise the resident is asked first, and the seat is held until then.
    """
    need = lock_need(session, visit.need_id)
    proposal = _proposal(session, need, volunteer, actor, now)
    choice = Choice(clock.local_date(visit.starts_at), clock.minutes_of_day(visit.starts_at))
    made = placing.place(session, need, proposal, choice, actor.account_id, now)
    if known_to_each_other(session, need, volunteer.id):
        settle(session, made, actor, now)
        outbox.enqueue(session, "message", {"kind": "confirmed", "proposal": proposal.id}, now)
    else:
        outbox.enqueue(session, "message", {"kind": "may_come", "proposal": proposal.id}, now)
        tasks.open_task(
            session,
            "tell_resident",
            ("proposal", proposal.id),
            now,
            now,
            area_code=need.area_code,
            owner_id=need.owner_id or actor.account_id,
        )
    advance(session, need, TELL_BOTH, actor.account_id, now)
    open_for(session, "tell_change", made, need, now, now)
    return made


def _proposal(
    session: Session, need: Need, volunteer: Volunteer, actor: Actor, now: datetime
) -> Proposal:
    """The record of the pair: what the plan suggested of them, or a row that says who decided."""
    known = session.scalar(
        select(Proposal)
        .where(Proposal.need_id == need.id, Proposal.volunteer_id == volunteer.id)
        .where(Proposal.state.in_(("suggested", "selected")))
        .options(joinedload(Proposal.volunteer))
    )
    proposal = known or Proposal(
        need_id=need.id,
        volunteer_id=volunteer.id,
        category_code=need.category_code,
        state="suggested",
        proposed_at=now,
        decided_by_id=actor.account_id,
        volunteer=volunteer,
    )
    session.add(proposal)
    session.flush()
    take(session, proposal, actor.account_id, now)
    return proposal
