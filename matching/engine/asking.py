"""Unfolding needs into visits with their options, seats and locks."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matching.engine import visits
from matching.engine.inputs import Lock, NeedInput, Options
from matching.engine.problem import Ask
from matching.engine.visits import DAY_MINUTES
from matching.engine.weights import URGENCY

Slot = tuple[int, int]
"""A day counted from today and a start in minutes past midnight."""

Held = Mapping[Slot, set[int]]
"""The volunteers that locks hold, by slot."""


def make_asks(
    needs: Sequence[NeedInput],
    need_index: Mapping[str, int],
    volunteer_index: Mapping[str, int],
    options: Options,
    locks: Iterable[Lock],
) -> tuple[Ask, ...]:
    """Return one Ask per need, in the order given."""
    held: dict[int, dict[Slot, set[int]]] = {}
    for lock in locks:
        if lock.need_id in need_index and lock.volunteer_id in volunteer_index:
            slot = ((lock.on - options.today).days, lock.start_minutes)
            slots = held.setdefault(need_index[lock.need_id], {})
            slots.setdefault(slot, set()).add(volunteer_index[lock.volunteer_id])
    return tuple(
        make_ask(index, index, need, options, held.get(index, {}))
        for index, need in enumerate(needs)
    )


def make_ask(index: int, place: int, need: NeedInput, options: Options, held: Held) -> Ask:
    """Return one need unfolded; `held` are the volunteers of its locks."""
    _check(need)
    days_of_visits = visits.visit_days(need, options.today, options.horizon_days)
    starts = visits.starts(need)
    rows: list[tuple[int, int, int]] = []
    first, locked = [0], []
    for number, days in enumerate(days_of_visits):
        offsets = [(day - options.today).days for day in days]
        slot = min((s for s in held if s[0] in offsets), default=None)
        slots = [slot] if slot else [(day, start) for day in offsets for start in starts]
        rows += [(number, day, start) for day, start in slots]
        first.append(len(rows))
        locked.append(tuple(sorted(held[slot])) if slot else ())
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    different, position = np.unique(table[:, 1], return_inverse=True)
    weekday = (options.today.weekday() + table[:, 1]) % 7
    times, time_position = np.unique(weekday * DAY_MINUTES + table[:, 2], return_inverse=True)
    return Ask(
        index=index,
        place=place,
        input=need,
        duration=visits.duration_minutes(need),
        weight=URGENCY[need.urgency],
        days=different,
        visit=table[:, 0],
        day=table[:, 1],
        day_position=position.astype(np.int64),
        times=times,
        time_position=time_position.astype(np.int64),
        start=table[:, 2],
        first_option=tuple(first),
        seats=tuple(max(0, need.headcount - len(kept)) for kept in locked),
        minimum=tuple(max(1, need.min_headcount - len(kept)) for kept in locked),
        locked=tuple(locked),
    )


def _check(need: NeedInput) -> None:
    if need.urgency not in URGENCY:
        raise ValueError(f"Need {need.need_id}: unknown urgency {need.urgency!r}.")
    if not 1 <= need.min_headcount <= need.headcount:
        raise ValueError(f"Need {need.need_id}: minimum and head count do not go together.")
    if need.duration_minutes is not None and need.duration_minutes < 1:
        raise ValueError(f"Need {need.need_id}: a visit lasts at least one minute.")
    if any(not 0 <= weekday <= 6 for weekday in need.weekdays):
        raise ValueError(f"Need {need.need_id}: weekdays run from 0 (Monday) to 6.")
