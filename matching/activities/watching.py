"""Watching visits: who has not begun, not come back, not reported; nobody waits in silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from matching.activities.models import Activity
from matching.activities.recording import STALE, open_activity
from matching.activities.rules import (
    CALL_AFTER,
    CLOSE_AFTER,
    NOT_RETURNED_AFTER,
    NOT_STARTED_AFTER,
    REMIND_AFTER,
    TRANSITIONS,
)
from matching.coordination.models import Placement
from matching.kernel import audit, outbox, tasks, transitions
from matching.kernel.actor import SYSTEM

STATE = func.coalesce(Activity.state, "confirmed")
UNTOLD = ("confirmed", "checked_in", "done", "interrupted")


def watch_visits(session: Session, now: datetime) -> int:
    """Open the tasks that time has made due (BR-25 and the alarms of a visit); returns how many."""
    count = 0
    for placement in _late(session, now, Placement.starts_at, NOT_STARTED_AFTER, ("confirmed",)):
        count += _ask(session, "not_started", placement, now)
    for placement in _late(session, now, Placement.ends_at, NOT_RETURNED_AFTER, ("checked_in",)):
        count += _ask(session, "not_returned", placement, now)
    for placement in _late(session, now, Placement.ends_at, REMIND_AFTER, UNTOLD):
        count += _remind(session, placement, now)
    for placement in _late(session, now, Placement.ends_at, CALL_AFTER, UNTOLD):
        count += _ask(session, "report_missing", placement, now)
    for placement in _late(session, now, Placement.ends_at, CLOSE_AFTER, UNTOLD):
        _give_up(session, placement, now)
        count += 1
    return count


def _late(
    session: Session,
    now: datetime,
    moment: InstrumentedAttribute[datetime],
    after: timedelta,
    states: tuple[str, ...],
) -> Iterable[Placement]:
    """Confirmed visits in some state whose moment passed so long ago, oldest first.

    Alarms of the day look back one day only: what is older is a report that is missing.
    """
    oldest = now - (timedelta(days=1) if after < timedelta(days=1) else timedelta(days=400))
    return session.scalars(
        select(Placement)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .where(Placement.state == "confirmed", STATE.in_(states))
        .where(moment <= now - after, moment > oldest)
        .options(joinedload(Placement.need))
        .order_by(Placement.starts_at, Placement.id)
    ).all()


def _ask(session: Session, kind: str, placement: Placement, now: datetime) -> int:
    return tasks.open_task(
        session,
        kind,
        ("placement", placement.id),
        now,
        now,
        area_code=placement.need.area_code,
        owner_id=placement.need.owner_id,
    )


def _remind(session: Session, placement: Placement, now: datetime) -> int:
    """Remind a volunteer of the report once."""
    activity = open_activity(session, placement)
    if activity.reminded_at is not None:
        return 0
    activity.reminded_at = now
    outbox.enqueue(session, "message", {"kind": "report_reminder", "placement": placement.id}, now)
    return 1


def _give_up(session: Session, placement: Placement, now: datetime) -> None:
    """Close a visit that nobody reported; its hours are not counted (BR-25)."""
    activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, "unreported", STALE)
    tasks.close_tasks(session, ("placement", placement.id), now)
    audit.record(
        session, SYSTEM, now, "report_given_up", "placement", placement.id, need=placement.need_id
    )
