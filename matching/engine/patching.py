"""Changing one person or one need of a problem in place, instead of building it anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from matching.engine.asking import Held, make_ask
from matching.engine.building import place_of
from matching.engine.inputs import NeedInput, PastOffer, VolunteerInput
from matching.engine.people import make_volunteers
from matching.engine.problem import NO_LIMIT, Ask, Problem, Records, Volunteers
from matching.engine.recording import make_records
from matching.engine.startable import startable_rows
from matching.engine.timeline import Busy
from matching.engine.visits import DAY_MINUTES

SPARE_SHARE = 16


def put_person(
    problem: Problem, person: VolunteerInput, busy: Sequence[Busy], history: Iterable[PastOffer]
) -> tuple[Problem, int]:
    """Replace one volunteer, or add one at the end; return the problem as it is then."""
    people = problem.volunteers
    number = problem.volunteer_index.get(person.volunteer_id, len(people))
    if number == len(people):
        _index(problem.volunteer_index)[person.volunteer_id] = number
        problem.geography.transports.append(person.transport)
    problem.geography.transports[number] = person.transport
    engaged = {0: tuple(busy)} if busy else {}
    row = make_volunteers((person,), problem.options, engaged, problem.month_of, problem.week_of)
    bookings = {**problem.bookings, number: tuple(busy)}
    if not busy:
        del bookings[number]
    minutes = len(problem.month_of) * DAY_MINUTES
    load = _with_row(problem.load, number, sum(0 <= spot.start < minutes for spot in busy))
    problem.crowds.clear()
    changed = replace(
        problem,
        volunteers=_with_person(people, row, number),
        records=_with_records(problem, person.volunteer_id, number, history),
        bookings=bookings,
        load=load,
    )
    _renew_startable(changed, number, number == len(people))
    return changed, number


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties a need to volunteers: locks, pairs never to be brought together, days ruled out."""

    held: Held = field(default_factory=dict)
    blocked: frozenset[int] = frozenset()
    forbidden: frozenset[tuple[int, int | None]] = frozenset()


def put_ask(problem: Problem, need: NeedInput, ties: Ties) -> tuple[Problem, Ask]:
    """Replace one need, or add one at the end; return the problem as it is then."""
    index = problem.need_index.get(need.need_id, len(problem.asks))
    place = place_of(need)
    old = problem.asks[index] if index < len(problem.asks) else None
    if old is not None and problem.geography.places[old.place] == place:
        number = old.place
    else:
        number = problem.geography.add(place)
    ask = make_ask(index, number, need, problem.options, ties.held)
    _index(problem.need_index)[need.need_id] = index
    changed = replace(
        problem,
        asks=(*problem.asks[:index], ask, *problem.asks[index + 1 :]),
        blocked={**problem.blocked, index: ties.blocked},
        forbidden={**problem.forbidden, index: ties.forbidden},
    )
    return changed, ask


def drop_ask(problem: Problem, need_id: str) -> Problem:
    """Leave a need out: its place stays and holds no visit."""
    need = problem.asks[problem.need_index[need_id]].input
    changed, _ = put_ask(problem, replace(need, start_on=None), Ties())
    del _index(changed.need_index)[need_id]
    return changed


def drop_person(problem: Problem, volunteer_id: str) -> None:
    """Forget the name of a volunteer whose row stands for nobody any more."""
    _index(problem.volunteer_index).pop(volunteer_id, None)


def _index(index: Any) -> dict[str, int]:
    found: dict[str, int] = index
    return found


def _with_person(people: Volunteers, row: Volunteers, number: int) -> Volunteers:
    values: dict[str, Any] = {}
    for each in fields(Volunteers):
        old, new = getattr(people, each.name), getattr(row, each.name)
        if each.name == "inputs":
            values[each.name] = (*old[:number], *new, *old[number + 1 :])
        elif isinstance(old, np.ndarray):
            values[each.name] = _with_row(old, number, new[0])
        else:
            values[each.name] = _with_codes(old, new, number, len(people))
    return Volunteers(**values)


def _with_codes(old: Any, new: Any, number: int, people: int) -> dict[str, Any]:
    """A table by code: who does not have a code has what everybody else without it has."""
    table = dict(old)
    for code, row in new.items():
        if code not in table:
            table[code] = np.full(people, _without(row), dtype=row.dtype)
    return {
        code: _with_row(row, number, new[code][0] if code in new else _without(row))
        for code, row in table.items()
    }


def _without(row: Any) -> Any:
    return False if row.dtype == bool else NO_LIMIT


def _with_records(
    problem: Problem, volunteer_id: str, number: int, history: Iterable[PastOffer]
) -> Records:
    options, records = problem.options, problem.records
    row = make_records(history, {volunteer_id: 0}, options.today, options.weights)
    together = {
        person: {who: times for who, times in pairs.items() if who != number}
        if number in pairs
        else pairs
        for person, pairs in records.together.items()
    }
    for person, pairs in row.together.items():
        together[person] = {**together.get(person, {}), number: pairs[0]}
    points = {
        name: _with_row(every, number, row.points[name][0])
        for name, every in records.points.items()
    }
    shares = {
        name: (_with_row(part, number, row.shares[name][0][0]), whole)
        for name, (part, whole) in records.shares.items()
    }
    return Records(_with_row(records.recent, number, row.recent[0]), together, points, shares)


def _with_row(array: Any, number: int, value: Any) -> Any:
    """Write one row in place; one more row goes into room kept spare at the end."""
    if number == len(array):
        room = array.base
        fits = (
            isinstance(room, np.ndarray)
            and room.ndim == array.ndim
            and room.strides == array.strides
            and room.ctypes.data == array.ctypes.data
            and len(room) > number
        )
        if not fits:
            room = np.zeros((number + number // SPARE_SHARE + 16, *array.shape[1:]), array.dtype)
            room[:number] = array
        array = room[: number + 1]
    array[number] = value
    return array


def _renew_startable(problem: Problem, number: int, grown: bool) -> None:
    if grown:
        problem.startable.clear()
    until = problem.volunteers.free_until[number : number + 1]
    for duration, table in problem.startable.items():
        table[:, number] = startable_rows(until, duration)[:, 0]
