"""Turning the caller's plain values into a frozen Problem."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from matching.engine.arrays import Ints
from matching.engine.asking import make_asks
from matching.engine.geography import Geography, Place
from matching.engine.inputs import (
    Booking,
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
)
from matching.engine.people import make_volunteers
from matching.engine.problem import Problem
from matching.engine.recording import make_records
from matching.engine.timeline import Busy
from matching.engine.travel import WINTER_MONTHS
from matching.engine.visits import DAY_MINUTES, duration_minutes

Index = Mapping[str, int]


def build(
    needs: Iterable[NeedInput],
    volunteers: Iterable[VolunteerInput],
    *,
    options: Options,
    bookings: Iterable[Booking] = (),
    history: Iterable[PastOffer] = (),
    blocked: Iterable[tuple[str, str]] = (),
    locks: Iterable[Lock] = (),
    forbids: Iterable[Forbid] = (),
) -> Problem:
    """Return the problem of one run; `blocked` are (need_id, volunteer_id) never to be paired.

    Bookings, history, blocked pairs, locks and forbids that name an unknown person or need are left
    out. Raises ValueError for ids given twice and for values outside their range.
    """
    if options.horizon_days < 1:
        raise ValueError("The horizon needs at least one day.")
    people = tuple(sorted(volunteers, key=lambda v: _natural(v.volunteer_id)))
    asked = tuple(sorted(needs, key=lambda n: _natural(n.need_id)))
    who = _numbered([v.volunteer_id for v in people], "Volunteer")
    what = _numbered([n.need_id for n in asked], "Need")
    kept = [lock for lock in locks if lock.volunteer_id in who and lock.need_id in what]
    known = [booking for booking in bookings if booking.volunteer_id in who]
    busy = _busy(known, kept, asked, who, what, options.today)
    days = [options.today + timedelta(days=n) for n in range(options.horizon_days)]
    month_of, week_of = _columns_of(days)
    winter = tuple(d.month in WINTER_MONTHS for d in days)
    places = [*map(place_of, asked), *map(place_of, known)]
    return Problem(
        options=options,
        volunteers=make_volunteers(people, options, busy, month_of, week_of),
        asks=make_asks(asked, what, who, options, kept),
        records=make_records(history, who, options.today, options.weights),
        geography=Geography(
            places, (v.transport for v in people), winter, dict(options.area_minutes)
        ),
        bookings=busy,
        load=_load(busy, len(people), len(days) * DAY_MINUTES),
        blocked=_blocked(blocked, what, who),
        forbidden=_forbidden(forbids, what, who, options.today),
        volunteer_index=who,
        need_index=what,
        month_of=month_of,
        week_of=week_of,
        winter=np.array(winter),
    )


def _columns_of(days: Sequence[date]) -> tuple[Ints, Ints]:
    """Number the calendar months and weeks of the horizon, by day."""
    months = [(d.year - days[0].year) * 12 + d.month - days[0].month for d in days]
    weeks = (days[0].weekday() + np.arange(len(days), dtype=np.int64)) // 7
    return np.array(months, dtype=np.int64), weeks


def _load(busy: Mapping[int, Sequence[Busy]], people: int, minutes: int) -> Ints:
    load = np.zeros(people, dtype=np.int64)
    for volunteer, spots in busy.items():
        load[volunteer] = sum(0 <= spot.start < minutes for spot in spots)
    return load


def _natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Order ids as people do: V9 before V10."""
    parts = re.findall(r"\d+|\D+", text)
    numbers = ((part.isdecimal(), part) for part in parts)
    return (*((digits, int(part) if digits else 0, part) for digits, part in numbers),)


def _numbered(ids: Sequence[str], kind: str) -> dict[str, int]:
    index = {name: number for number, name in enumerate(ids)}
    if len(index) < len(ids):
        twice = next(a for a, b in pairwise(ids) if a == b)
        raise ValueError(f"{kind} {twice} is given twice.")
    return index


def _busy(
    bookings: Sequence[Booking],
    locks: Sequence[Lock],
    needs: Sequence[NeedInput],
    who: Index,
    what: Index,
    today: date,
) -> dict[int, tuple[Busy, ...]]:
    spots: dict[int, set[Busy]] = {}
    for number, booking in enumerate(bookings):
        midnight = (booking.on - today).days * DAY_MINUTES
        spot = Busy(
            midnight + booking.start_minutes, midnight + booking.end_minutes, len(needs) + number
        )
        spots.setdefault(who[booking.volunteer_id], set()).add(spot)
    for lock in locks:
        need = what[lock.need_id]
        start = (lock.on - today).days * DAY_MINUTES + lock.start_minutes
        spot = Busy(start, start + duration_minutes(needs[need]), need)
        spots.setdefault(who[lock.volunteer_id], set()).add(spot)
    return {volunteer: tuple(sorted(taken)) for volunteer, taken in spots.items()}


def place_of(where: NeedInput | Booking) -> Place:
    """Return the point on the map where something takes place."""
    lat, lon = where.lat, where.lon
    return Place(math.nan if lat is None else lat, math.nan if lon is None else lon, where.area)


def _blocked(
    blocked: Iterable[tuple[str, str]], what: Index, who: Index
) -> dict[int, frozenset[int]]:
    pairs: dict[int, set[int]] = {}
    for need_id, volunteer_id in blocked:
        if need_id in what and volunteer_id in who:
            pairs.setdefault(what[need_id], set()).add(who[volunteer_id])
    return {need: frozenset(people) for need, people in pairs.items()}


def _forbidden(
    forbids: Iterable[Forbid], what: Index, who: Index, today: date
) -> dict[int, frozenset[tuple[int, int | None]]]:
    pairs: dict[int, set[tuple[int, int | None]]] = {}
    for forbid in forbids:
        if forbid.need_id in what and forbid.volunteer_id in who:
            day = None if forbid.on is None else (forbid.on - today).days
            pairs.setdefault(what[forbid.need_id], set()).add((who[forbid.volunteer_id], day))
    return {need: frozenset(days) for need, days in pairs.items()}
