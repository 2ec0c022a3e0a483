"""Alarms of a visit: who has not begun or come back, whom to phone now, what the call brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.activities import recording
from matching.activities.alarm_models import VisitCall
from matching.activities.alarm_rules import (
    ENDED,
    LADDERS,
    RESULTS,
    SINCE,
    Call,
    rings_again_at,
    whom_next,
)
from matching.activities.leaving import open_for
from matching.activities.models import Activity
from matching.activities.queries import Visit, get_visit, state_of
from matching.activities.recording import NOT_AGREED, STALE, open_activity
from matching.activities.rules import TRANSITIONS
from matching.coordination.cancelling import take_back
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.tasks import Task
from matching.needs.queries import lock_need

NO_RESULT = "電話でわかったことを選んでください。"
QUIET = "この活動は、もう確かめられています。画面を開き直してたしかめてください。"
NOT_COME = "来られなかったため"


@dataclass(frozen=True)
class Alarm:
    """A visit that wants a call: of which kind, since when, whom to phone, and from when on."""

    kind: str
    since: datetime
    next: Call
    due_at: datetime
    missed: int


def alarm_kind(placement: Placement, activity: Activity | None, now: datetime) -> str | None:
    """Return the alarm of a visit at this moment; None where all is as it should be."""
    if placement.state != "confirmed":
        return None
    state = state_of(activity)
    if state == "confirmed" and now >= placement.starts_at + SINCE["not_started"]:
        return "not_started"
    if state == "checked_in" and now >= placement.ends_at + SINCE["not_returned"]:
        return "not_returned"
    return None


def alarms_of(session: Session, visits: Sequence[Visit], now: datetime) -> dict[int, Alarm]:
    """Return the alarms of some visits by their number."""
    kinds = {
        placement.id: (placement, kind)
        for placement, activity in visits
        if (kind := alarm_kind(placement, activity, now))
    }
    calls = _calls(session, kinds)
    return {
        number: _alarm(placement, kind, calls[number, kind])
        for number, (placement, kind) in kinds.items()
    }


def _alarm(placement: Placement, kind: str, calls: Sequence[VisitCall]) -> Alarm:
    begins = placement.starts_at if kind == "not_started" else placement.ends_at
    missed = sum(call.result == "no_answer" for call in calls)
    due = begins + SINCE[kind]
    if calls:
        due = rings_again_at(kind, calls[-1].result, max(missed - 1, 0), calls[-1].called_at)
    return Alarm(kind, begins, whom_next(kind, missed), due, missed)


def _calls(
    session: Session, placement_ids: Collection[int]
) -> defaultdict[tuple[int, str], list[VisitCall]]:
    rows = session.scalars(
        select(VisitCall).where(VisitCall.placement_id.in_(placement_ids)).order_by(VisitCall.id)
    )
    found: defaultdict[tuple[int, str], list[VisitCall]] = defaultdict(list)
    for row in rows:
        found[row.placement_id, row.alarm].append(row)
    return found


def take_call(
    session: Session, placement_id: int, alarm: str, result: str, actor: Actor, now: datetime
) -> None:
    """Write down what a call about an alarm brought; what ends it changes the visit itself."""
    if alarm not in LADDERS or result not in RESULTS[alarm]:
        raise Invalid(NO_RESULT, field="result")
    placement, activity = get_visit(session, placement_id, actor)
    if alarm_kind(placement, activity, now) != alarm:
        raise Conflict(QUIET, code="state")
    if result == "begun":
        recording.check_in(session, placement_id, "phone", actor, now)
    elif result == "home":
        recording.check_out(session, placement_id, "phone", actor, now)
    elif result == "not_coming":
        did_not_come(session, placement_id, actor, now)
    else:
        _keep(session, placement, alarm, result, actor, now)
    if result in ENDED:
        tasks.close_tasks(session, ("placement", placement_id), now, kinds=(alarm,))


def _keep(
    session: Session, placement: Placement, alarm: str, result: str, actor: Actor, now: datetime
) -> None:
    missed = _calls(session, [placement.id])[placement.id, alarm]
    before = sum(call.result == "no_answer" for call in missed)
    session.add(
        VisitCall(
            placement_id=placement.id,
            alarm=alarm,
            result=result,
            called_at=now,
            called_by_id=actor.account_id,
        )
    )
    _put_off(session, placement, alarm, rings_again_at(alarm, result, before, now), actor, now)
    audit.record(
        session, actor, now, "visit_called", "placement", placement.id, alarm=alarm, result=result
    )


def _put_off(
    session: Session, placement: Placement, alarm: str, due: datetime, actor: Actor, now: datetime
) -> None:
    """The task waits for the next call, and is there even if the watch has not opened it yet."""
    open_for(session, alarm, placement, placement.need, due, now)
    session.execute(
        update(Task)
        .where(Task.kind == alarm, Task.state == "open")
        .where(Task.subject_type == "placement", Task.subject_id == placement.id)
        .values(due_at=due, owner_id=actor.account_id, version=Task.version + 1)
    )


def did_not_come(session: Session, placement_id: int, actor: Actor, now: datetime) -> None:
    """Write down that nobody came: the seat is free, a substitute is sought, the other side told.

    Nobody is blamed for it, and it never counts against anybody.
    """
    lock_proposals(session)
    placement, _known = get_visit(session, placement_id, actor)
    if placement.state != "confirmed" or now < placement.starts_at:
        raise Conflict(NOT_AGREED, code="state")
    activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, "no_show", STALE)
    need = lock_need(session, placement.need_id)
    take_back(session, placement, need, NOT_COME, actor, now)
    tasks.close_tasks(session, ("placement", placement.id), now)
    for kind in ("tell_other_side", "find_substitute"):
        open_for(session, kind, placement, need, now, now)
    audit.record(session, actor, now, "did_not_come", "placement", placement.id, need=need.id)
