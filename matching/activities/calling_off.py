"""Calling off: the visits of a day in one act, with a call to both sides for each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.models import Activity
from matching.activities.recording import STALE, open_activity
from matching.activities.rules import TRANSITIONS
from matching.catalogue.models import Category
from matching.coordination.cancelling import take_back
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.kernel import clock, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.needs.models import Need
from matching.needs.queries import lock_need

WEATHER = "天候のため"


def call_off_for_weather(
    session: Session, area_code: str | None, on: date, actor: Actor, now: datetime
) -> int:
    """Cancel every outdoor visit of a day (of one area) that has not begun; returns how many.

    Staff of one area call off their own only. Both sides get a phone task and a message.
    """
    lock_proposals(session)
    area = actor.area_code or area_code
    found = (
        select(Placement)
        .join(Need, Need.id == Placement.need_id)
        .join(Category, Category.code == Need.category_code)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .where(Placement.state.in_(("held", "confirmed")), Category.place.in_(("out", "both")))
        .where(Placement.starts_at >= clock.instant(on, 0))
        .where(Placement.starts_at < clock.instant(on, 24 * 60))
        .where((Activity.id.is_(None)) | (Activity.state == "confirmed"))
        .options(joinedload(Placement.need))
        .order_by(Placement.id)
    )
    if area:
        found = found.where(Need.area_code == area)
    placements = session.scalars(found).unique().all()
    for placement in placements:
        _call_off(session, placement, actor, now)
    return len(placements)


def _call_off(session: Session, placement: Placement, actor: Actor, now: datetime) -> None:
    activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, "cancelled_weather", STALE)
    take_back(session, placement, lock_need(session, placement.need_id), WEATHER, actor, now)
    tasks.open_task(
        session,
        "tell_other_side",
        ("placement", placement.id),
        now,
        now,
        area_code=placement.need.area_code,
        owner_id=actor.account_id,
    )
    message = {"kind": "called_off", "placement": placement.id}
    outbox.enqueue(session, "message", message, now)
