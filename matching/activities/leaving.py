"""Calling one visit off: who cannot come says so; the other side is called, a substitute sought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.activities.queries import get_visit
from matching.activities.recording import STALE, open_activity
from matching.activities.rules import TRANSITIONS, is_late_cancellation, same_business_day
from matching.coordination.cancelling import take_back
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.kernel import clock, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.permissions import STAFF
from matching.needs import days_off
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.volunteers.models import DayOff

BEGUN = "もう始まった活動です。お電話でお知らせください。"
NO_REASON = "ひとことでよいので、理由を入力してください。"
NOT_YOURS = "どちらの都合かを選んでください。"


@dataclass(frozen=True)
class Side:
    """What follows when one side calls a visit off: its state, whom to phone, whether to refill."""

    state: str
    phone: Sequence[str]
    refill: bool


SIDES: Mapping[str, Side] = {
    "volunteer": Side("cancelled_by_volunteer", ("tell_other_side",), refill=True),
    "requester": Side("cancelled_by_requester", ("tell_volunteer",), refill=False),
    "centre": Side("cancelled_center", ("tell_other_side", "tell_volunteer"), refill=False),
}


def leave(session: Session, placement_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a volunteer off a visit that has not begun (BR-24); nobody is blamed for it."""
    call_off(session, placement_id, "volunteer", reason, actor, now)


def call_off(
    session: Session, placement_id: int, side: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Call a visit off for one side before it begins (BR-24).

    Where the volunteer cannot come, the plan is mended at once without them on that day, and
    within the last day a once-only need becomes an emergency, whose offers run out in hours.
    """
    _check(side, reason, actor)
    lock_proposals(session)
    placement, _known = get_visit(session, placement_id, actor)
    if placement.state not in {"held", "confirmed"} or placement.starts_at <= now:
        raise Conflict(BEGUN if placement.starts_at <= now else STALE, code="state")
    activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, SIDES[side].state, STALE)
    need = lock_need(session, placement.need_id)
    take_back(session, placement, need, reason.strip(), actor, now)
    tasks.close_tasks(session, ("placement", placement.id), now)
    if SIDES[side].refill:
        _refill(session, placement, need, now)
    else:
        on = clock.local_date(placement.starts_at)
        days_off.leave_out(session, need, [on], _why_off(side), actor, now)
        message = {"kind": "called_off", "placement": placement.id}
        outbox.tell_at_once(session, message, now)
    for kind in SIDES[side].phone:
        open_for(session, kind, placement, need, now, now)


def _check(side: str, reason: str, actor: Actor) -> None:
    if side not in SIDES or (side != "volunteer" and STAFF.isdisjoint(actor.roles)):
        raise Invalid(NOT_YOURS, field="side")
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")


def _why_off(side: str) -> str:
    return "resident" if side == "requester" else "centre"


def _refill(session: Session, placement: Placement, need: Need, now: datetime) -> None:
    on, late = (
        clock.local_date(placement.starts_at),
        is_late_cancellation(placement.starts_at - now),
    )
    session.execute(
        insert(DayOff)
        .values(volunteer_id=placement.volunteer_id, off_on=on)
        .on_conflict_do_nothing()
    )
    if late and need.recurrence == "once":
        need.urgency = "emergency"
        need.version += 1
    due = now if late else same_business_day(now)
    open_for(session, "find_substitute", placement, need, due, now)


def open_for(
    session: Session, kind: str, placement: Placement, need: Need, due_at: datetime, now: datetime
) -> int:
    """Open a task about a visit for the owner of its need."""
    return tasks.open_task(
        session,
        kind,
        ("placement", placement.id),
        due_at,
        now,
        area_code=need.area_code,
        owner_id=need.owner_id,
    )
