"""Who is registered and what is asked for in a year, from the invented city.

Numbers of requests by month are those of the centre's calibration: about 520 a year, most of
them when there is snow. A series is followed through its first four weeks.
"""

import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from matching.engine import NeedInput, VolunteerInput
from matching.interchange.engine_inputs import volunteer_from, waiting_need_from
from matching.local.city.generating import generate

REQUESTS = {12: 55, 1: 80, 2: 68, 3: 32}
USUAL_REQUESTS = 36
SERIES_DAYS = 28
OPEN_OFFERS, WEEKLY_VISITS = 2, 4
"""The guard against asking too much (BR-15), the same for every way of choosing."""


@dataclass(frozen=True)
class Request:
    """A need and the day it came in."""

    need: NeedInput
    received_on: date


@dataclass(frozen=True)
class Volunteer:
    """A volunteer with what a list is sorted by."""

    given: VolunteerInput
    registered_on: str


def volunteers(seed: int, first_day: date) -> list[Volunteer]:
    """Return the register; everybody renews their insurance in time."""
    return [
        Volunteer(
            replace(
                volunteer_from(row),
                insured_until=first_day + timedelta(days=800),
                max_open_offers=OPEN_OFFERS,
                max_visits_per_week=WEEKLY_VISITS,
            ),
            row["registered_on"],
        )
        for row in generate(seed, first_day).volunteers
    ]


def requests(seed: int, first_day: date, days: int) -> list[Request]:
    """Return what is asked for, in order of reception."""
    last_day = first_day + timedelta(days=days - 1)
    found = [
        request
        for year, month in _months(first_day, last_day)
        for request in _month(seed, year, month)
        if first_day <= request.received_on <= last_day
    ]
    return sorted(found, key=lambda request: (request.received_on, request.need.need_id))


def _months(first_day: date, last_day: date) -> Iterator[tuple[int, int]]:
    month = first_day.replace(day=1)
    while month <= last_day:
        yield month.year, month.month
        month = (month + timedelta(days=32)).replace(day=1)


def _month(seed: int, year: int, month: int) -> Iterator[Request]:
    dice = random.Random(f"{seed} {year} {month}")
    wanted = REQUESTS.get(month, USUAL_REQUESTS)
    pool = (*_city(seed, year, month, 0), *_city(seed, year, month, 1))
    for number, request in enumerate(dice.sample(pool, wanted)):
        day = date(year, month, dice.randrange(1, monthrange(year, month)[1] + 1))
        yield _moved(request, day, f"R{year}{month:02d}-{number + 1}")


@cache
def _city(seed: int, year: int, month: int, part: int) -> tuple[Request, ...]:
    rows = generate(seed * 1000 + month * 2 + part, date(year, month, 15)).needs
    return tuple(
        Request(need, date.fromisoformat(row["received_at"][:10]))
        for row in rows
        if (need := waiting_need_from(row)) is not None
    )


def _moved(request: Request, day: date, need_id: str) -> Request:
    """Let the same request come in on another day, wanted from 2 to 8 days later.

    The requests of the invented city are those still waiting, so their own days would make all
    of them wait long. Weekdays stay what they were.
    """
    need = request.need
    assert need.start_on is not None
    start = day + timedelta(days=2 + (need.start_on.weekday() - day.weekday() - 2) % 7)
    end = start + (need.end_on - need.start_on) if need.end_on else None
    if need.recurrence not in ("once", "as_needed"):
        latest = start + timedelta(days=SERIES_DAYS - 1)
        end = latest if end is None else min(end, latest)
    return Request(replace(need, need_id=need_id, start_on=start, end_on=end), day)
