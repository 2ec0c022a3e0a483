"""Calling off: the visits of a day in one act, looked over first, with a call to both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.leaving import open_for
from matching.activities.models import Activity
from matching.activities.recording import STALE, open_activity
from matching.activities.rules import TRANSITIONS
from matching.catalogue.models import Category
from matching.coordination.cancelling import take_back
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.kernel import audit, clock, outbox, transitions
from matching.kernel.actor import Actor
from matching.kernel.visibility import visible
from matching.needs import days_off
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.volunteers.models import Volunteer

WEATHER = "天候のため"
OUTDOORS = ("out", "both")


@dataclass(frozen=True)
class Scope:
    """Which visits a storm stops: of a day, of some areas (none: all), outdoors or every one."""

    on: date
    areas: tuple[str, ...] = ()
    indoors_too: bool = False


def visits_in(session: Session, scope: Scope, actor: Actor) -> Sequence[Placement]:
    """Return the visits that would be called off; staff of one area see their own only."""
    found = (
        select(Placement)
        .join(Need, Need.id == Placement.need_id)
        .join(Category, Category.code == Need.category_code)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .where(visible(Placement, actor, "placement.cancel"))
        .where(Placement.state.in_(("held", "confirmed")))
        .where(Placement.starts_at >= clock.instant(scope.on, 0))
        .where(Placement.starts_at < clock.instant(scope.on, 24 * 60))
        .where((Activity.id.is_(None)) | (Activity.state == "confirmed"))
        .options(
            joinedload(Placement.need).joinedload(Need.requester),
            joinedload(Placement.volunteer).joinedload(Volunteer.person),
        )
        .order_by(Placement.starts_at, Placement.id)
    )
    if not scope.indoors_too:
        found = found.where(Category.place.in_(OUTDOORS))
    if scope.areas:
        found = found.where(Need.area_code.in_(scope.areas))
    return session.scalars(found).unique().all()


def call_off_for_weather(
    session: Session, scope: Scope, actor: Actor, now: datetime, *, later: bool = True
) -> int:
    """Call off every visit of a scope that has not begun; returns how many.

    Both sides get a phone task, the volunteer a message. With `later` a need for one visit gets a
    week more, so that the next plan finds it another day; nothing is planned on the day itself.
    """
    lock_proposals(session)
    placements = visits_in(session, scope, actor)
    for placement in placements:
        _call_off(session, placement, actor, now)
    for need_id in sorted({placement.need_id for placement in placements}):
        need = lock_need(session, need_id)
        act = days_off.put_off if later else _skip
        act(session, need, scope.on, actor, now)
    audit.record(
        session, actor, now, "weather_called_off", "day", None, visits=len(placements), later=later
    )
    return len(placements)


def _skip(session: Session, need: Need, day: date, actor: Actor, now: datetime) -> None:
    days_off.leave_out(session, need, [day], "weather", actor, now)


def _call_off(session: Session, placement: Placement, actor: Actor, now: datetime) -> None:
    activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, "cancelled_weather", STALE)
    need = lock_need(session, placement.need_id)
    take_back(session, placement, need, WEATHER, actor, now)
    for kind in ("tell_other_side", "tell_volunteer"):
        open_for(session, kind, placement, need, now, now)
    for told in ("called_off", "coming_off"):  # to who would have come, and to who waits
        outbox.tell_at_once(session, {"kind": told, "placement": placement.id}, now)
