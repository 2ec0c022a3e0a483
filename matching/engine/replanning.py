"""Planning again after a change with the fewest other changes, each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from matching.engine.openings import Opening, open_visits
from matching.engine.plan import Assignment, Change, ChangeReason, Plan
from matching.engine.problem import Problem
from matching.engine.roster import Roster
from matching.engine.running import Run
from matching.engine.solving import mend
from matching.engine.stopwatch import Stopwatch

Seat = tuple[str, str, date, int]


def replan(
    problem: Problem,
    previous: Iterable[Assignment],
    *,
    seed: int = 1,
    deadline_seconds: float | None = None,
    quick: bool = False,
) -> Plan:
    """Return a plan that stays with the earlier assignments wherever they still hold.

    Empty seats are filled around what is kept; people are moved only where that fills more
    seats, and as few as possible. `changes` lists each difference from the plan before.
    `quick` moves people only around visits that lost somebody and needs without anybody, in a
    fraction of the time; the bound is then that of people without limits on their time.
    """
    before = list(previous)
    run = Run(Roster(problem, open_visits(problem)), seed, Stopwatch(deadline_seconds))
    return resume(run, before, quick=quick)


def resume(run: Run, before: Sequence[Assignment], *, quick: bool = False) -> Plan:
    """Seat everybody of an earlier plan on an empty roster again and fill what that leaves."""
    reasons = keep(run.roster, before)
    planned = {old.need_id for old in before}
    touched = {seat[0] for seat in reasons} | run.roster.problem.need_index.keys() - planned
    plan = mend(run, touched if quick else None)
    return replace(plan, changes=changes_between(before, plan.assignments, reasons))


def keep(roster: Roster, previous: Sequence[Assignment]) -> dict[Seat, ChangeReason]:
    """Seat everybody of the earlier plan who can stay; return why the others cannot."""
    return seat_again(roster, roster.openings, previous)


def seat_again(
    roster: Roster, openings: Sequence[Opening], previous: Sequence[Assignment]
) -> dict[Seat, ChangeReason]:
    """Seat people on these visits as before; return why some cannot stay.

    A visit that is left with fewer people than it needs is cleared.
    """
    problem = roster.problem
    visit_on = {(o.ask.index, day): o for o in openings for day in o.days.tolist()}
    reasons: dict[Seat, ChangeReason] = {}
    for old in previous:
        need = problem.need_index.get(old.need_id)
        day = (old.on - problem.options.today).days
        opening = None if need is None else visit_on.get((need, day))
        reason = ChangeReason.NEED_GONE if opening is None else _seat(roster, opening, day, old)
        if reason is not None:
            reasons[seat_of(old)] = reason
    for opening in openings:
        if 0 < len(roster.seated[opening.index]) < opening.minimum:
            roster.clear(opening)
    return reasons


def _seat(roster: Roster, opening: Opening, day: int, old: Assignment) -> ChangeReason | None:
    """Seat one person again, or tell why that is not possible."""
    volunteer = roster.problem.volunteer_index.get(old.volunteer_id, -1)
    if volunteer in opening.ask.locked[opening.visit]:
        return None
    start = day * 24 * 60 + old.start_minutes
    option = np.flatnonzero(opening.start == start)
    chosen = roster.option[opening.index]
    full = len(roster.seated[opening.index]) >= opening.seats
    if not len(option) or full or chosen not in (None, int(option[0])):
        return ChangeReason.NEED_CHANGED
    row = np.flatnonzero(opening.who == volunteer)
    if not len(row) or not roster.free(opening, row)[0, option[0]]:
        return ChangeReason.PERSON_NOT_ABLE
    roster.seat(opening, int(option[0]), [volunteer])
    return None


def changes_between(
    before: Iterable[Assignment], after: Iterable[Assignment], gone: Mapping[Seat, ChangeReason]
) -> tuple[Change, ...]:
    """Return each difference with its reason; `gone` says why people could not stay."""
    now = {seat_of(a): a for a in after}
    then = {seat_of(a): a for a in before}
    left = [
        Change(old, None, gone.get(seat, ChangeReason.MAKES_ROOM))
        for seat, old in then.items()
        if seat not in now
    ]
    known = {a.need_id for a in then.values()}
    vacated = {(change.before.need_id, change.before.on) for change in left if change.before}
    came = [
        Change(None, new, _arrival(new, known, vacated))
        for seat, new in now.items()
        if seat not in then
    ]
    return (*left, *came)


def _arrival(new: Assignment, known: set[str], vacated: set[tuple[str, date]]) -> ChangeReason:
    if new.locked:
        return ChangeReason.IMPROVES
    if (new.need_id, new.on) in vacated:
        return ChangeReason.TAKES_OVER
    return ChangeReason.NEW_VISIT if new.need_id in known else ChangeReason.NEW_NEED


def seat_of(a: Assignment) -> Seat:
    """Return what makes an assignment the same as another."""
    return a.need_id, a.volunteer_id, a.on, a.start_minutes
