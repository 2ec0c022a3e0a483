"""Confirming: a named coordinator places a volunteer on a visit, and nobody is booked twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg.errors
from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination import loading, queries
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import LEAST_TRAVEL_MINUTES, PROPOSAL_TRANSITIONS
from matching.coordination.superseding import supersede
from matching.engine import PossibleSlot, Problem, possible_slots
from matching.kernel import audit, clock, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import plan_soon
from matching.needs import rules
from matching.needs.models import Need, NeedOccurrence
from matching.needs.queries import lock_need
from matching.volunteers.models import Volunteer

TAKEN = "この方は、同じ時間に別の活動が決まりました。ほかの時間か、ほかの方を選んでください。"
FULL = "この日の人数は、もうそろいました。画面を開き直してたしかめてください。"
MOVED = "この提案は新しい内容に変わりました。画面を開き直してたしかめてください。"
GONE = (
    "この方は、この日時には来られなくなりました（予定や条件が変わりました）。"
    "候補を見直してください。"
)
TELL_BOTH = "お二人に連絡する"
NOT_READY = "この困りごとは、いまは決定できません。先に「受ける」としてください。"


@dataclass(frozen=True)
class Choice:
    """The visit a coordinator confirms: day and start in minutes past midnight."""

    on: date
    start_minutes: int


def confirm(
    session: Session, proposal_id: int, choice: Choice, actor: Actor, now: datetime
) -> Placement:
    """Place the proposed volunteer on one visit.

    Holds the rows of volunteer and need, looks at every gate once more, and leaves the last
    word to the database's constraints; raises Conflict with a sentence when somebody was first.
    A suggestion that a newer run has replaced counts as well: the gates decide, not its age.
    """
    lock_proposals(session)
    proposal = queries.get_proposal(session, proposal_id, actor)
    volunteer_id = proposal.volunteer_id
    _hold_volunteer(session, volunteer_id)
    need = lock_need(session, proposal.need_id or 0)
    if need.state not in rules.PLANNED:
        raise Conflict(FULL if need.state == "matched" else NOT_READY, code="state")
    slot = _checked_slot(session, need, proposal.volunteer, choice, now)
    occurrence = _occurrence(session, need, choice, slot, now)
    placement = _place(session, need, proposal, occurrence, actor, now)
    _advance(session, need, proposal, actor, now)
    audit.record(
        session,
        actor,
        now,
        "placement_confirmed",
        "placement",
        placement.id,
        need=need.id,
        volunteer=volunteer_id,
        proposal=proposal.id,
    )
    plan_soon(session, now)
    return placement


def confirm_planned(
    session: Session, proposal_id: int, actor: Actor, now: datetime
) -> list[Placement]:
    """Place the proposed volunteer on every visit that the plan chose for them, or on none."""
    proposal = queries.get_proposal(session, proposal_id, actor)
    choices = [
        Choice(date.fromisoformat(slot["on"]), slot["planned"])
        for slot in proposal.slots
        if slot["planned"] is not None
    ]
    if not choices:
        raise Conflict(MOVED, code="not_planned")
    return [confirm(session, proposal_id, choice, actor, now) for choice in choices]


def _hold_volunteer(session: Session, volunteer_id: int) -> None:
    """Everything that books one volunteer waits here, so that the check below stays true."""
    session.execute(
        select(Volunteer.id).where(Volunteer.id == volunteer_id).with_for_update(key_share=True)
    )


def _checked_slot(
    session: Session, need: Need, volunteer: Volunteer, choice: Choice, now: datetime
) -> PossibleSlot:
    problem = loading.load_pair(session, clock.local_date(now), need.id, volunteer.id).problem
    slots = possible_slots(problem, need.reference, [volunteer.reference])[volunteer.reference]
    for slot in slots:
        if slot.on == choice.on and choice.start_minutes in slot.starts:
            return slot
    raise Conflict(_why_not(problem, need, volunteer, choice), code="not_possible")


def _why_not(problem: Problem, need: Need, volunteer: Volunteer, choice: Choice) -> str:
    """Tell a rival booking from any other reason why the slot is gone."""
    start = (choice.on - problem.options.today).days * 1440 + choice.start_minutes
    end = start + problem.asks[problem.need_index[need.reference]].duration
    engaged = problem.bookings.get(problem.volunteer_index[volunteer.reference], ())
    return TAKEN if any(busy.start < end and start < busy.end for busy in engaged) else GONE


def _occurrence(
    session: Session, need: Need, choice: Choice, slot: PossibleSlot, now: datetime
) -> NeedOccurrence:
    """Find or make the visit; the first placement settles its time for all who come."""
    period_on = rules.period_start(
        need.recurrence,
        need.start_on or choice.on,
        choice.on,
        on_weekdays=bool(need.weekdays),
    )
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


def _place(
    session: Session,
    need: Need,
    proposal: Proposal,
    occurrence: NeedOccurrence,
    actor: Actor,
    now: datetime,
) -> Placement:
    placement = Placement(
        occurrence_id=occurrence.id,
        need_id=need.id,
        volunteer_id=proposal.volunteer_id,
        proposal_id=proposal.id,
        state="confirmed",
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        busy=Range(
            occurrence.starts_at,
            occurrence.ends_at + timedelta(minutes=LEAST_TRAVEL_MINUTES),
        ),
        decided_by_id=actor.account_id,
        decided_at=now,
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


def _advance(session: Session, need: Need, proposal: Proposal, actor: Actor, now: datetime) -> None:
    if proposal.state != "accepted":
        transitions.move(
            session,
            proposal,
            PROPOSAL_TRANSITIONS,
            "accepted",
            MOVED,
            decided_by_id=actor.account_id,
            responded_at=now,
        )
    supersede(session, Proposal.need_id == need.id, Proposal.volunteer_id == proposal.volunteer_id)
    target = "matched" if _complete(session, need) else "matching"
    if (need.state, target) == ("matching", "matching"):
        return
    transitions.move(
        session,
        need,
        rules.TRANSITIONS,
        target,
        NOT_READY,
        owner_id=actor.account_id,
        next_action=TELL_BOTH,
        next_action_on=clock.local_date(now),
    )
    if target == "matched":
        supersede(session, Proposal.need_id == need.id)


def _complete(session: Session, need: Need) -> bool:
    """A need for one visit is complete when its seats are filled; a series stays in planning."""
    if need.recurrence not in {"once", "as_needed"}:
        return False
    filled = session.scalars(
        select(NeedOccurrence.filled)
        .where(NeedOccurrence.need_id == need.id)
        .execution_options(populate_existing=True)
    ).all()
    return any(count >= need.headcount for count in filled)
