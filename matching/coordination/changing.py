"""What differs between a plan and the one before it, seat by seat, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from matching.coordination import loading, queries
from matching.coordination.models import Proposal
from matching.coordination.plan_models import PlanChange
from matching.engine import Assignment, Change, ChangeReason, Plan, Problem, replan
from matching.needs.models import Need
from matching.needs.rules import PLANNED
from matching.volunteers.models import Volunteer

HELD = "held"
LOST = (ChangeReason.PERSON_NOT_ABLE, ChangeReason.NEED_GONE, ChangeReason.NEED_CHANGED)
_FOUND = (Proposal.need_id, Proposal.run_id)

Seat = tuple[str, str, date, int]


def standing_plan(session: Session, run_id: int) -> list[Assignment]:
    """Return what the plan as of a run chose, whatever has become of each choice since.

    Of needs that are not planned any more only what is still suggested: they end once.
    """
    newest = queries.newest_outcomes(run_id)
    found = session.execute(
        select(Need.reference, Volunteer.reference, Proposal.slots, Proposal.score)
        .select_from(Proposal)
        .join(newest, tuple_(newest.c.need_id, newest.c.run_id) == tuple_(*_FOUND))
        .join(Need, Need.id == Proposal.need_id)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .where(Proposal.planned, Need.state.in_(PLANNED) | (Proposal.state == "suggested"))
        .order_by(Proposal.id)
    )
    return [
        Assignment(
            need_id=need,
            visit=slot["visit"],
            volunteer_id=volunteer,
            on=date.fromisoformat(slot["on"]),
            start_minutes=slot["planned"],
            end_minutes=slot["planned"] + slot["minutes"],
            score=score or 0,
        )
        for need, volunteer, slots, score in found
        for slot in slots
        if slot["planned"] is not None
    ]


def differences(problem: Problem, before: Sequence[Assignment], plan: Plan) -> list[Change]:
    """Return how a plan made afresh differs from the one before it."""
    lost = {
        _seat(change.before): change.reason
        for change in replan(problem, before, quick=True).changes
        if change.before is not None and change.reason in LOST
    }
    then, now = {_seat(a): a for a in before}, {_seat(a): a for a in plan.assignments}
    left = [a for seat, a in then.items() if seat not in now]
    vacated, known = {(a.need_id, a.on) for a in left}, {a.need_id for a in before}
    return [Change(a, None, lost.get(_seat(a), ChangeReason.MAKES_ROOM)) for a in left] + [
        Change(None, a, _arrival(a, known, vacated)) for seat, a in now.items() if seat not in then
    ]


def _arrival(new: Assignment, known: set[str], vacated: set[tuple[str, date]]) -> ChangeReason:
    if (new.need_id, new.on) in vacated:
        return ChangeReason.TAKES_OVER
    return ChangeReason.NEW_VISIT if new.need_id in known else ChangeReason.NEW_NEED


def _seat(a: Assignment) -> Seat:
    return a.need_id, a.volunteer_id, a.on, a.start_minutes


def store(
    session: Session,
    run_id: int,
    changes: Iterable[Change],
    standing: loading.Standing,
) -> int:
    """Keep the changes of a run, agreed seats left out; return how many there are."""
    agreed = {(s.need, s.lock.volunteer_id, s.lock.on) for s in standing.placed}
    held = {(s.need, s.lock.volunteer_id, s.lock.on) for s in standing.held}
    told = [
        (way, a, HELD if way == "came" and _visit(a) in held else str(change.reason))
        for change in changes
        for way, a in (("left", change.before), ("came", change.after))
        if a is not None and _visit(a) not in agreed
    ]
    ids = _need_ids(session, {a.need_id for _, a, _ in told})
    rows = [
        {
            "run_id": run_id,
            "position": position,
            "need_id": ids[a.need_id],
            "volunteer_id": standing.rows[a.volunteer_id][0],
            "way": way,
            "visit_on": a.on,
            "start_minutes": a.start_minutes,
            "reason": reason,
        }
        for position, (way, a, reason) in enumerate(told)
        if a.volunteer_id in standing.rows
    ]
    if rows:
        session.execute(insert(PlanChange), rows)
    return len(rows)


def _visit(a: Assignment) -> tuple[str, str, date]:
    return a.need_id, a.volunteer_id, a.on


def _need_ids(session: Session, references: set[str]) -> Mapping[str, int]:
    found = session.execute(
        select(Need.reference, Need.id).where(Need.reference.in_(references))
    ).all()
    return {row.reference: row.id for row in found}
