"""Recording a visit: it begins, it ends, it is reported, and somebody else verifies the hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.activities import following
from matching.activities.cases import open_incident
from matching.activities.completing import complete_if_over
from matching.activities.models import Activity
from matching.activities.queries import get_visit
from matching.activities.rules import (
    CONDITIONS,
    MOST_MINUTES,
    TRANSITIONS,
    same_business_day,
)
from matching.coordination.models import Placement
from matching.coordination.rules import CHANNELS, PLACEMENT_TRANSITIONS
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs.noting import note_down

STALE = "この活動の記録は、もう変わっています。画面を開き直してたしかめてください。"
NOT_TODAY = "活動の始まりは、その日の2時間前から記録できます。"
NOT_AGREED = "この活動は取りやめになっています。ご用のときは、センターにお電話ください。"
NO_MINUTES = "活動した時間を、1分から12時間までの数字で入力してください。"
NO_CONDITION = "様子を選んでください。"
OWN_REPORT = "報告を書いた方とは別の方が、時間を確認してください。"
EARLY = timedelta(hours=2)


@dataclass(frozen=True)
class Report:
    """What is told of a visit: three taps, and a line where something was unusual."""

    minutes: int
    condition: str
    concern: bool = False
    accident: bool = False
    near_miss: bool = False
    said: str = ""


def check_in(
    session: Session, placement_id: int, channel: str, actor: Actor, now: datetime
) -> Activity:
    """Write down that a visit has begun; a second time changes nothing."""
    placement, activity = _agreed(session, placement_id, actor)
    if now < placement.starts_at - EARLY:
        raise Invalid(NOT_TODAY, field="placement")
    if activity.state == "checked_in":
        return activity
    _move(session, activity, "checked_in", checked_in_at=now, channel=_known(channel))
    tasks.close_tasks(session, ("placement", placement.id), now, kinds=("not_started",))
    _record(session, actor, now, "checked_in", placement)
    return activity


def check_out(
    session: Session, placement_id: int, channel: str, actor: Actor, now: datetime
) -> Activity:
    """Write down that a visit is over and the volunteer on the way home."""
    placement, activity = _agreed(session, placement_id, actor)
    if activity.state == "done":
        return activity
    _move(session, activity, "done", checked_out_at=now, channel=_known(channel))
    tasks.close_tasks(session, ("placement", placement.id), now, kinds=("not_returned",))
    _record(session, actor, now, "checked_out", placement)
    return activity


def report(
    session: Session,
    placement_id: int,
    told: Report,
    channel: str,
    actor: Actor,
    now: datetime,
) -> Activity:
    """Keep the report of a visit; what worries somebody becomes a task of the same day (BR-26)."""
    _check(told)
    placement, activity = _agreed(session, placement_id, actor)
    if now < placement.starts_at:
        raise Invalid("活動が終わってから報告してください。", field="minutes")
    _move(
        session,
        activity,
        "reported",
        minutes=told.minutes,
        condition=told.condition,
        concern=told.concern or told.condition == "worried",
        accident=told.accident,
        near_miss=told.near_miss,
        channel=_known(channel),
        note_id=note_down(session, placement.need_id, "report", told.said, actor, now),
        reported_at=now,
        reported_by_id=actor.account_id,
    )
    if placement.state == "confirmed":
        transitions.move(session, placement, PLACEMENT_TRANSITIONS, "done", STALE)
    tasks.close_tasks(session, ("placement", placement.id), now)
    following.begin(session, placement)
    complete_if_over(session, placement.need_id, now)
    _follow(session, placement, activity, now)
    _open_incidents(session, placement, activity, actor, now)
    _record(session, actor, now, "reported", placement, minutes=told.minutes)
    return activity


def verify(session: Session, placement_id: int, actor: Actor, now: datetime) -> Activity:
    """Confirm the hours of a report; never by the person who wrote it."""
    placement, activity = _agreed(session, placement_id, actor)
    if activity.reported_by_id is not None and activity.reported_by_id == actor.account_id:
        raise Conflict(OWN_REPORT, code="two_people")
    _move(session, activity, "verified", verified_at=now, verified_by_id=actor.account_id)
    tasks.close_tasks(session, ("placement", placement.id), now, kinds=("verify_report",))
    _record(session, actor, now, "report_verified", placement)
    return activity


def _agreed(session: Session, placement_id: int, actor: Actor) -> tuple[Placement, Activity]:
    """Return a visit with its row, made and locked; raises Conflict for one that is off."""
    placement, _known_row = get_visit(session, placement_id, actor)
    if placement.state not in {"confirmed", "done"}:
        raise Conflict(NOT_AGREED, code="cancelled")
    return placement, open_activity(session, placement)


def open_activity(session: Session, placement: Placement) -> Activity:
    """Return the row of a visit, making it where nothing was known, and hold it."""
    session.execute(
        insert(Activity)
        .values(placement_id=placement.id, state="confirmed", version=1)
        .on_conflict_do_nothing(index_elements=[Activity.placement_id])
    )
    return session.scalars(
        select(Activity)
        .where(Activity.placement_id == placement.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _move(session: Session, activity: Activity, after: str, **columns: Any) -> None:
    transitions.move(session, activity, TRANSITIONS, after, STALE, **columns)


def _known(channel: str) -> str:
    if channel not in CHANNELS:
        raise Invalid("連絡の方法を選んでください。", field="channel")
    return channel


def _check(told: Report) -> None:
    if not 1 <= told.minutes <= MOST_MINUTES:
        raise Invalid(NO_MINUTES, field="minutes")
    if told.condition not in CONDITIONS:
        raise Invalid(NO_CONDITION, field="condition")


def _follow(session: Session, placement: Placement, activity: Activity, now: datetime) -> None:
    """Ask for what a report makes necessary: a look at once, or the verifying of its hours."""
    due = same_business_day(now)
    area = placement.need.area_code
    wanted = {
        "report_concern": activity.concern,
        "verify_report": True,
    }
    for kind, needed in wanted.items():
        if needed:
            tasks.open_task(
                session,
                kind,
                ("placement", placement.id),
                due,
                now,
                area_code=area,
                owner_id=placement.need.owner_id,
            )


def _open_incidents(
    session: Session, placement: Placement, activity: Activity, actor: Actor, now: datetime
) -> None:
    told = {"accident_injury": activity.accident, "near_miss": activity.near_miss}
    for kind, happened in told.items():
        if happened:
            open_incident(session, placement, kind, actor, now)


def _record(
    session: Session, actor: Actor, now: datetime, action: str, placement: Placement, **more: Any
) -> None:
    audit.record(
        session, actor, now, action, "placement", placement.id, need=placement.need_id, **more
    )
