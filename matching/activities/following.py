"""Following up: both sides are called after the first visit, at 1, 3 and 6 months, then yearly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, contains_eager, joinedload

from matching.activities.follow_models import FollowUp
from matching.activities.follow_rules import (
    AGAIN_AFTER,
    AHEAD,
    OUTCOMES,
    due_on,
    next_months,
    pauses,
)
from matching.coordination.models import Placement
from matching.kernel import audit, clock, tasks, transitions
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from matching.needs.noting import note_down
from matching.needs.queries import known_to
from matching.needs.rules import TRANSITIONS
from matching.places.calendar import CLOSES_AT, add_business_days
from matching.volunteers.models import Volunteer

DONE = "この確認は、もう記録されています。画面を開き直してたしかめてください。"
NO_OUTCOME = "これからどうするかを選んでください。"
NO_RATING = "満足の度合いは、1から5で選んでください。"
REVIEW = "続けている活動を見直す"
RUNNING = ("ready", "matching", "matched", "in_progress")


@dataclass(frozen=True)
class Heard:
    """What both sides said: what comes next, and how content they are (1 to 5, if asked)."""

    outcome: str
    resident: int | None = None
    volunteer: int | None = None
    said: str = ""


def begin(session: Session, placement: Placement) -> None:
    """Plan the call after the first visit of a pair; later visits change nothing."""
    started_on = clock.local_date(placement.starts_at)
    _plan(session, placement.need_id, placement.volunteer_id, 0, started_on)


def _plan(session: Session, need_id: int, volunteer_id: int, months: int, started_on: date) -> None:
    session.execute(
        insert(FollowUp)
        .values(
            need_id=need_id,
            volunteer_id=volunteer_id,
            months=months,
            started_on=started_on,
            due_on=due_on(started_on, months),
            version=1,
        )
        .on_conflict_do_nothing()
    )


def hear(
    session: Session, follow_up_id: int, heard: Heard, actor: Actor, now: datetime
) -> FollowUp:
    """Write down what both sides said and plan the next call (BR-28)."""
    row = get_follow_up(session, follow_up_id, actor, lock=True)
    _check(row, heard)
    if heard.said.strip():
        note_down(session, row.need_id, "contact", heard.said, actor, now)
    tasks.close_tasks(session, ("follow_up", row.id), now)
    if heard.outcome == "unreachable":
        row.due_on = add_business_days(clock.local_date(now), AGAIN_AFTER)
    else:
        row.done_at, row.done_by_id, row.outcome = now, actor.account_id, heard.outcome
        row.resident_content, row.volunteer_content = heard.resident, heard.volunteer
        _go_on(session, row, heard.outcome, now)
    row.version += 1
    audit.record(session, actor, now, "followed_up", "follow_up", row.id, outcome=heard.outcome)
    return row


def _check(row: FollowUp, heard: Heard) -> None:
    if row.done_at is not None:
        raise Conflict(DONE, code="done")
    if heard.outcome not in OUTCOMES:
        raise Invalid(NO_OUTCOME, field="outcome")
    if not all(rating is None or 1 <= rating <= 5 for rating in (heard.resident, heard.volunteer)):
        raise Invalid(NO_RATING, field="resident")


def _go_on(session: Session, row: FollowUp, outcome: str, now: datetime) -> None:
    need = row.need
    recurring = need.recurrence not in {"once", "as_needed"} and need.state in RUNNING
    later = next_months(row.months, recurring=recurring)
    if outcome != "end" and later is not None:
        _plan(session, row.need_id, row.volunteer_id, later, row.started_on)
    wanted = {"end": "closing", "adjust": "placement_review"}.get(outcome)
    if outcome == "continue" and need.state == "completed":
        wanted = "closing"
    if wanted:
        _ask(session, wanted, need, now)


def _ask(session: Session, kind: str, need: Need, now: datetime) -> int:
    return tasks.open_task(
        session,
        kind,
        ("need", need.id),
        now,
        now,
        area_code=need.area_code,
        owner_id=need.owner_id,
    )


def watch_follow_ups(session: Session, now: datetime) -> int:
    """Put what is due within a week on the worklist, and pause what nobody reviewed (BR-28)."""
    today = clock.local_date(now)
    rows = session.scalars(
        select(FollowUp)
        .join(Need, Need.id == FollowUp.need_id)
        .where(FollowUp.done_at.is_(None), FollowUp.due_on <= today + AHEAD)
        .where(Need.state != "closed")
        .options(joinedload(FollowUp.need))
        .order_by(FollowUp.due_on, FollowUp.id)
    ).all()
    count = 0
    for row in rows:
        count += tasks.open_task(
            session,
            "follow_up",
            ("follow_up", row.id),
            _closing_time(row.due_on),
            now,
            area_code=row.need.area_code,
            owner_id=row.need.owner_id,
        )
        if row.months and pauses(row.due_on, today) and row.need.state in RUNNING:
            count += _pause(session, row.need, now)
    return count


def _closing_time(day: date) -> datetime:
    return clock.instant(day, CLOSES_AT.hour * 60 + CLOSES_AT.minute)


def _pause(session: Session, need: Need, now: datetime) -> int:
    transitions.move(
        session,
        need,
        TRANSITIONS,
        "on_hold",
        DONE,
        next_action=REVIEW,
        next_action_on=clock.local_date(now),
    )
    audit.record(session, SYSTEM, now, "need_paused", "need", need.id)
    return _ask(session, "placement_review", need, now)


def get_follow_up(
    session: Session, follow_up_id: int, actor: Actor, *, lock: bool = False
) -> FollowUp:
    """Return a follow-up with both sides; raises NotFound, also out of reach."""
    found = (
        select(FollowUp)
        .join(Need, Need.id == FollowUp.need_id)
        .where(FollowUp.id == follow_up_id, known_to(actor))
        .options(
            contains_eager(FollowUp.need).joinedload(Need.requester),
            joinedload(FollowUp.volunteer).joinedload(Volunteer.person),
        )
    )
    row = session.scalar(found.with_for_update(of=FollowUp) if lock else found)
    if row is None:
        raise NotFound
    return row


def list_coming(session: Session, actor: Actor) -> Sequence[FollowUp]:
    """Return the follow-ups still to be made within reach, by the day they are due."""
    found = (
        select(FollowUp)
        .join(Need, Need.id == FollowUp.need_id)
        .where(FollowUp.done_at.is_(None), Need.state != "closed", known_to(actor))
        .options(
            contains_eager(FollowUp.need).joinedload(Need.requester),
            joinedload(FollowUp.volunteer).joinedload(Volunteer.person),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(200)
    )
    return session.scalars(found).all()


def count_done(session: Session, need_id: int) -> int:
    """Count the calls made for a need."""
    made = select(func.count(FollowUp.id)).where(
        FollowUp.need_id == need_id, FollowUp.done_at.is_not(None)
    )
    return session.scalar(made) or 0
