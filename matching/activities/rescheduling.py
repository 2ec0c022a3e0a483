"""Rescheduling: an agreed visit moves to another time for all who come; both sides hear of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from matching.activities.grouping import check_still_covered
from matching.activities.leaving import BEGUN, open_for
from matching.activities.queries import get_visit
from matching.activities.recording import STALE
from matching.activities.rules import same_business_day
from matching.coordination import loading, placing
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.coordination.placing import GONE, TAKEN
from matching.coordination.rules import LEAST_TRAVEL_MINUTES
from matching.engine import PossibleSlot, possible_slots
from matching.kernel import audit, clock, outbox, tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs import days_off
from matching.needs.models import Need, NeedOccurrence
from matching.needs.queries import lock_need
from matching.needs.rules import period_start

SAME = "いまと違う日時を入力してください。"
PAST = "これからの日時を入力してください。"
OTHER_VISIT = "その日（週）には、この困りごとの別の回がもうあります。別の日を選んでください。"
SIDES = ("volunteer", "requester")
AROUND = 24 * 60


@dataclass(frozen=True)
class Time:
    """The new day and start of a visit, and which sides have said yes to it already."""

    on: date
    start_minutes: int
    agreed: Collection[str] = ()


def move_visit(
    session: Session, placement_id: int, to: Time, actor: Actor, now: datetime
) -> Sequence[Placement]:
    """Move an agreed visit that has not begun; everybody's gates are looked at for the new time.

    The rows stay the same, so calendars show the change. Raises Conflict where somebody cannot.
    """
    lock_proposals(session)
    chosen, _activity = get_visit(session, placement_id, actor)
    _check(chosen, to, now)
    together = _together(session, chosen)
    for volunteer_id in sorted(each.volunteer_id for each in together):
        placing.hold_volunteer(session, volunteer_id)
    need = lock_need(session, chosen.need_id)
    old = session.get_one(NeedOccurrence, chosen.occurrence_id, with_for_update=True)
    _make_room(session, need, old, to)
    for each in together:
        _check_free(session, need, each, to, now)
        check_still_covered(session, each, need, to.on)
    _carry_over(session, need, old, together, to, now)
    if need.recurrence not in {"once", "as_needed"} and clock.local_date(old.starts_at) != to.on:
        days_off.leave_out(session, need, [clock.local_date(old.starts_at)], "centre", actor, now)
    for each in together:
        tell_sides(session, each, need, "coming_changed", to.agreed, now)
        audit.record(
            session, actor, now, "visit_moved", "placement", each.id, need=need.id,
            starts_at=each.starts_at.isoformat(),
        )  # fmt: skip
    outbox.plan_soon(session, now)
    return together


def _check(visit: Placement, to: Time, now: datetime) -> None:
    if visit.state not in {"held", "confirmed"}:
        raise Conflict(STALE, code="state")
    if visit.starts_at <= now:
        raise Conflict(BEGUN, code="state")
    starts = clock.instant(to.on, to.start_minutes)
    if starts == visit.starts_at:
        raise Invalid(SAME, field="on")
    if starts <= now:
        raise Invalid(PAST, field="on")


def _together(session: Session, chosen: Placement) -> Sequence[Placement]:
    return session.scalars(
        select(Placement)
        .where(Placement.occurrence_id == chosen.occurrence_id, Placement.state != "cancelled")
        .options(joinedload(Placement.volunteer), joinedload(Placement.need))
        .order_by(Placement.id)
    ).all()


def _make_room(session: Session, need: Need, old: NeedOccurrence, to: Time) -> None:
    """A need for one visit is wished for at the new time as well; a series keeps its days."""
    if need.recurrence in {"once", "as_needed"}:
        length = int((old.ends_at - old.starts_at).total_seconds() // 60)
        need.start_on = min(need.start_on or to.on, to.on)
        need.end_on = max(need.end_on or need.start_on, to.on)
        if need.weekdays and to.on.weekday() not in need.weekdays:
            need.weekdays = sorted({*need.weekdays, to.on.weekday()})
        if need.from_minute is not None:
            need.from_minute = min(need.from_minute, to.start_minutes)
        if need.to_minute is not None:
            need.to_minute = max(need.to_minute, min(to.start_minutes + length, AROUND))
        need.version += 1
    period = _period(need, to)
    other = select(NeedOccurrence.id).where(
        NeedOccurrence.need_id == need.id,
        NeedOccurrence.period_on == period,
        NeedOccurrence.cancelled_at.is_(None),
        NeedOccurrence.id != old.id,
    )
    if session.scalar(other) is not None:
        raise Conflict(OTHER_VISIT, code="full")
    session.flush()


def _period(need: Need, to: Time) -> date:
    return period_start(
        need.recurrence, need.start_on or to.on, to.on, on_weekdays=bool(need.weekdays)
    )


def _check_free(session: Session, need: Need, visit: Placement, to: Time, now: datetime) -> None:
    """Look at every gate for the new time as if the visit were not agreed yet."""
    standing = loading.read_standing(session, clock.local_date(now), [visit.volunteer_id])
    for slot in own_slots(session, need, visit, standing):
        if slot.on == to.on and to.start_minutes in slot.starts:
            return
    length = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    placing.check_light(need, placing.Choice(to.on, to.start_minutes), length)
    raise Conflict(GONE, code="not_possible")


def own_slots(
    session: Session, need: Need, visit: Placement, standing: loading.Standing
) -> Sequence[PossibleSlot]:
    """Return when the volunteer of a visit could make it, were it not agreed yet."""
    was = (clock.local_date(visit.starts_at), clock.minutes_of_day(visit.starts_at))
    others = [
        seat
        for seat in standing.placed
        if (seat.need, seat.lock.on, seat.lock.start_minutes) != (need.reference, *was)
    ]
    problem = loading.ask_anew(session, replace(standing, placed=others), need.id).problem
    who = visit.volunteer.reference
    return possible_slots(problem, need.reference, [who])[who]


def _carry_over(
    session: Session,
    need: Need,
    old: NeedOccurrence,
    together: Sequence[Placement],
    to: Time,
    now: datetime,
) -> None:
    """Give all who come the new time in one piece; the database has the last word on overlaps."""
    starts_at = clock.instant(to.on, to.start_minutes)
    ends_at = starts_at + (old.ends_at - old.starts_at)
    new = NeedOccurrence(
        need_id=need.id,
        period_on=date.max,  # its own name is free once the old one is off
        starts_at=starts_at,
        ends_at=ends_at,
        headcount=old.headcount,
    )
    session.add(new)
    session.flush()
    for each in together:
        each.occurrence_id, each.starts_at, each.ends_at = new.id, starts_at, ends_at
        each.busy = Range(starts_at, ends_at + timedelta(minutes=LEAST_TRAVEL_MINUTES))
        each.version += 1
    try:
        session.flush()
    except IntegrityError as refused:
        raise Conflict(TAKEN, code="taken") from refused
    session.refresh(old)
    old.cancelled_at = now
    session.flush()
    new.period_on = _period(need, to)
    session.flush()


def tell_sides(
    session: Session,
    visit: Placement,
    need: Need,
    kind: str,
    agreed: Collection[str],
    now: datetime,
) -> None:
    """Send a changed visit to both sides; who has not said yes yet is asked by the desk."""
    if visit.state == "confirmed":
        for told in ("changed", kind):
            payload = {"kind": told, "placement": visit.id, "again": visit.version}
            outbox.tell_at_once(session, payload, now)
    tasks.close_tasks(session, ("placement", visit.id), now, kinds=("ask_moved",))
    if not set(SIDES) <= set(agreed):
        open_for(session, "ask_moved", visit, need, same_business_day(now), now)


def say_yes(session: Session, placement_id: int, actor: Actor, now: datetime) -> None:
    """Write down that the volunteer comes at the new time as well."""
    placement, _activity = get_visit(session, placement_id, actor)
    if placement.state not in {"held", "confirmed"}:
        raise Conflict(STALE, code="state")
    tasks.close_tasks(session, ("placement", placement.id), now, kinds=("ask_moved",))
    audit.record(
        session, actor, now, "move_agreed", "placement", placement.id, need=placement.need_id
    )
