"""Placing: a volunteer takes a seat on a visit, under the lock, with the database's last word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg.errors
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination import loading
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import LEAST_TRAVEL_MINUTES
from matching.engine import PossibleSlot, Problem, possible_slots
from matching.kernel import clock
from matching.kernel.errors import Conflict, Invalid
from matching.needs import rules, snow
from matching.needs.approving import check_approved
from matching.needs.models import Need, NeedOccurrence
from matching.volunteers.models import Volunteer

TAKEN = "この方は、同じ時間に別の活動が決まりました。ほかの時間か、ほかの方を選んでください。"
FULL = "この日の人数は、もうそろいました。画面を開き直してたしかめてください。"
GONE = (
    "この方は、この日時には来られなくなりました（予定や条件が変わりました）。"
    "候補を見直してください。"
)


@dataclass(frozen=True)
class Choice:
    """The visit a coordinator chose: day and start in minutes past midnight."""

    on: date
    start_minutes: int


def hold_volunteer(session: Session, volunteer_id: int) -> None:
    """Everything that books one volunteer waits here, so that the check below stays true."""
    session.execute(
        select(Volunteer.id).where(Volunteer.id == volunteer_id).with_for_update(key_share=True)
    )


def place(
    session: Session,
    need: Need,
    proposal: Proposal,
    choice: Choice,
    decided_by_id: int | None,
    now: datetime,
) -> Placement:
    """Give the proposed volunteer a seat on one visit, held until it is confirmed.

    The caller holds the rows of volunteer and need; every gate is looked at once more. Raises
    Conflict with a sentence when the seat or the volunteer's time is taken.
    """
    if session.scalar(_full_visit(need, choice)):
        raise Conflict(FULL, code="full")
    slot = checked_slot(session, need, proposal.volunteer, choice, now)
    occurrence = _occurrence(session, need, choice, slot, now)
    return _seat(session, proposal, occurrence, decided_by_id, now)


def _full_visit(need: Need, choice: Choice) -> Select[int]:
    return select(NeedOccurrence.id).where(
        NeedOccurrence.need_id == need.id,
        NeedOccurrence.period_on == _period_on(need, choice),
        NeedOccurrence.cancelled_at.is_(None),
        NeedOccurrence.filled >= NeedOccurrence.headcount,
    )


def _period_on(need: Need, choice: Choice) -> date:
    return rules.period_start(
        need.recurrence,
        need.start_on or choice.on,
        choice.on,
        on_weekdays=bool(need.weekdays),
    )


def checked_slot(
    session: Session, need: Need, volunteer: Volunteer, choice: Choice, now: datetime
) -> PossibleSlot:
    """Return the slot if every gate lets the volunteer take it; raises Conflict otherwise.

    Whoever asks or places anybody comes by here, so what a manager has not approved stops (BR-08).
    """
    check_approved(session, need)
    problem = loading.load_pair(session, clock.local_date(now), need.id, volunteer.id).problem
    slots = possible_slots(problem, need.reference, [volunteer.reference])[volunteer.reference]
    for slot in slots:
        if slot.on == choice.on and choice.start_minutes in slot.starts:
            return slot
    duration = problem.asks[problem.need_index[need.reference]].duration
    check_light(need, choice, duration)
    raise Conflict(_why_not(problem, need, volunteer, choice, duration), code="not_possible")


def check_light(need: Need, choice: Choice, minutes: int) -> None:
    """Refuse snow out of its season and in the dark, in words that say so (BR-21)."""
    start = choice.start_minutes
    refused = snow.refusal(need.category_code, choice.on, start, start + minutes)
    if refused is not None:
        raise Conflict(refused.template, code="not_possible", values=refused.values)


def _why_not(
    problem: Problem, need: Need, volunteer: Volunteer, choice: Choice, duration: int
) -> str:
    """Tell a rival booking from any other reason why the slot is gone."""
    start = (choice.on - problem.options.today).days * 1440 + choice.start_minutes
    end = start + duration
    engaged = problem.bookings.get(problem.volunteer_index[volunteer.reference], ())
    return TAKEN if any(busy.start < end and start < busy.end for busy in engaged) else GONE


def _occurrence(
    session: Session, need: Need, choice: Choice, slot: PossibleSlot, now: datetime
) -> NeedOccurrence:
    """Find or make the visit; the first placement settles its time for all who come."""
    period_on = _period_on(need, choice)
    starts_at = clock.instant(choice.on, choice.start_minutes)
    ends_at = starts_at + timedelta(minutes=slot.duration_minutes)
    found = session.scalar(
        select(NeedOccurrence)
        .where(NeedOccurrence.need_id == need.id, NeedOccurrence.period_on == period_on)
        .where(NeedOccurrence.cancelled_at.is_(None))
        .with_for_update()
    )
    if found is not None and found.starts_at == starts_at and found.ends_at == ends_at:
        return found
    if found is not None:
        if found.filled:
            raise Invalid(
                "この回の時刻はもう決まっています。同じ時刻を選んでください。", field="start"
            )
        # Nobody is left on it: the visit at the old time stays in the history only.
        found.cancelled_at = now
        session.flush()
    made = NeedOccurrence(
        need_id=need.id,
        period_on=period_on,
        starts_at=starts_at,
        ends_at=ends_at,
        headcount=need.headcount,
    )
    session.add(made)
    session.flush()
    return made


def _seat(
    session: Session,
    proposal: Proposal,
    occurrence: NeedOccurrence,
    decided_by_id: int | None,
    now: datetime,
) -> Placement:
    placement = Placement(
        occurrence_id=occurrence.id,
        need_id=occurrence.need_id,
        volunteer_id=proposal.volunteer_id,
        proposal_id=proposal.id,
        state="held",
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        busy=Range(
            occurrence.starts_at,
            occurrence.ends_at + timedelta(minutes=LEAST_TRAVEL_MINUTES),
        ),
        decided_by_id=decided_by_id,
        decided_at=now,
        confirmed_at=None,
    )
    session.add(placement)
    try:
        session.flush()
    except IntegrityError as refused:
        raise Conflict(_sentence_of(refused), code="taken") from refused
    return placement


def _sentence_of(refused: IntegrityError) -> str:
    """The kind sentence for the constraint that had the last word."""
    if isinstance(refused.orig, psycopg.errors.CheckViolation):
        return FULL
    return TAKEN


def complete(session: Session, need: Need) -> bool:
    """A need for one visit is complete when its seats are filled; a series stays in planning."""
    if need.recurrence not in {"once", "as_needed"}:
        return False
    filled = session.scalars(
        select(NeedOccurrence.filled)
        .where(NeedOccurrence.need_id == need.id)
        .execution_options(populate_existing=True)
    ).all()
    return any(count >= need.headcount for count in filled)
