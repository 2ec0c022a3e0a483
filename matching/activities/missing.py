"""Nobody opened: the resident is looked for, rung by rung, until somebody knows (BR-27)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from matching.activities.absence_models import Absence
from matching.activities.absence_rules import FOUND, next_rung, rung_due_at
from matching.activities.models import Activity
from matching.activities.queries import get_visit
from matching.activities.recording import NOT_AGREED, STALE, open_activity
from matching.activities.rules import TRANSITIONS
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from matching.needs.noting import note_down
from matching.needs.queries import known_to

TOO_EARLY = "まだ約束の時間になっていません。"
KNOWN = "この方のことは、もう確かめられています。"
NO_FOUND = "どうだったかを選んでください。"


def not_met(session: Session, placement_id: int, actor: Actor, now: datetime) -> Absence:
    """Say that nobody opened: somebody at the desk goes up the ladder from this moment."""
    placement, _known = get_visit(session, placement_id, actor)
    if placement.state != "confirmed":
        raise Conflict(NOT_AGREED, code="cancelled")
    if now < placement.starts_at:
        raise Invalid(TOO_EARLY, field="placement")
    activity: Activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, "resident_absent", STALE)
    tasks.close_tasks(session, ("placement", placement.id), now)
    row = Absence(
        placement_id=placement.id,
        need_id=placement.need_id,
        rung="retry",
        due_at=rung_due_at("retry", now),
        opened_at=now,
        opened_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    _ask(session, row, now)
    audit.record(session, actor, now, "resident_not_met", "absence", row.id)
    return row


def climb(session: Session, absence_id: int, said: str, actor: Actor, now: datetime) -> Absence:
    """Write down what a rung brought, and try the next one."""
    row = get_absence(session, absence_id, actor)
    _check_open(row)
    note_down(session, row.need_id, "contact", said, actor, now)
    _up(session, row, now)
    audit.record(session, actor, now, "absence_climbed", "absence", row.id, rung=row.rung)
    return row


def know(
    session: Session, absence_id: int, found: str, said: str, actor: Actor, now: datetime
) -> Absence:
    """Write down that somebody knows how the resident is; the search is over."""
    row = get_absence(session, absence_id, actor)
    _check_open(row)
    if found not in FOUND:
        raise Invalid(NO_FOUND, field="found")
    note_down(session, row.need_id, "contact", said, actor, now)
    row.found, row.found_at, row.found_by_id = found, now, actor.account_id
    row.version += 1
    tasks.close_tasks(session, ("absence", row.id), now)
    audit.record(session, actor, now, "absence_known", "absence", row.id, found=found)
    return row


def watch_absences(session: Session, now: datetime) -> int:
    """Go up a rung wherever the time of one is over; returns how many."""
    late = session.scalars(
        select(Absence)
        .where(Absence.found.is_(None), Absence.due_at <= now, Absence.rung != "police")
        .with_for_update(skip_locked=True)
    ).all()
    for row in late:
        _up(session, row, now)
        audit.record(session, SYSTEM, now, "absence_climbed", "absence", row.id, rung=row.rung)
    return len(late)


def _up(session: Session, row: Absence, now: datetime) -> None:
    row.rung = next_rung(row.rung)
    row.due_at = rung_due_at(row.rung, now)
    row.version += 1
    tasks.close_tasks(session, ("absence", row.id), now)
    _ask(session, row, now)


def _ask(session: Session, row: Absence, now: datetime) -> None:
    need = session.get_one(Need, row.need_id)
    tasks.open_task(
        session,
        "resident_absent",
        ("absence", row.id),
        now,
        now,
        area_code=need.area_code,
        owner_id=need.owner_id,
        rung=row.rung,
    )


def _check_open(row: Absence) -> None:
    if row.found is not None:
        raise Conflict(KNOWN, code="known")


def get_absence(session: Session, absence_id: int, actor: Actor) -> Absence:
    """Return a search with its need, held; raises NotFound, also out of reach."""
    row = session.scalar(
        select(Absence)
        .join(Need, Need.id == Absence.need_id)
        .where(Absence.id == absence_id, known_to(actor))
        .options(contains_eager(Absence.need).joinedload(Need.requester))
        .with_for_update(of=Absence)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row
