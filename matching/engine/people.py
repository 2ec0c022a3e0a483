"""Volunteers as arrays: one pass over the caller's values."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from matching.engine.arrays import Bools, Floats, Ints, Minutes
from matching.engine.inputs import Free, Options, VolunteerInput
from matching.engine.problem import NO_LIMIT, Volunteers
from matching.engine.timeline import Busy
from matching.engine.travel import CARS, cosine_at, direction, speed_kmh
from matching.engine.visits import DAY_MINUTES, STEP_MINUTES

QUARTERS = DAY_MINUTES // STEP_MINUTES
ADULT_AGE = 18
NEVER = -NO_LIMIT

Busies = Mapping[int, Sequence[Busy]]


def make_volunteers(
    people: tuple[VolunteerInput, ...],
    options: Options,
    busy: Busies,
    month_of: Ints,
    week_of: Ints,
) -> Volunteers:
    """Return the arrays; `month_of` and `week_of` number the days of the horizon."""
    for person in people:
        _check(person)
    today = options.today
    lat, lon = _floats(v.lat for v in people), _floats(v.lon for v in people)
    max_km = _floats(np.inf if v.max_distance_km is None else v.max_distance_km for v in people)
    off = _off(people, today, options.horizon_days)
    return Volunteers(
        inputs=people,
        ids=np.array([v.volunteer_id for v in people], dtype=object),
        active=_bools(v.status == "active" for v in people),
        lat=lat,
        lon=lon,
        direction=direction(lat, lon),
        reach_cosine=cosine_at(max_km),
        kmh=_floats(speed_kmh(v.transport, False) for v in people),
        kmh_winter=_floats(speed_kmh(v.transport, True) for v in people),
        car=_bools(v.transport in CARS for v in people),
        max_km=max_km,
        categories=_rows(people, lambda v: v.categories),
        wanted=_ints(len(v.categories) for v in people),
        skills=_rows(people, lambda v: v.skills),
        skill_until=_skill_until(people, today),
        topics=_rows(people, lambda v: v.topics),
        traits=_rows(people, lambda v: v.traits),
        free_until=_free_until(people),
        off=off,
        takes_off=np.asarray(off.any(axis=1)),
        notice=_ints(max(v.notice_days, 0) for v in people),
        minutes_left=_minutes_left(people, busy, today, int(month_of.max(initial=0)) + 1),
        visits_left=_visits_left(people, busy, today, int(week_of.max(initial=0)) + 1),
        offers_full=_bools(
            v.max_open_offers is not None and v.open_offers >= v.max_open_offers for v in people
        ),
        resting=_rows(people, lambda v: v.resting_categories),
        minor_until=_ints(_days_until_adult(v.birth_on, today) for v in people),
        insured_until=_ints(_day(v.insured_until, today) for v in people),
        consent=_bools(v.consent for v in people),
        booked=_bools(number in busy for number in range(len(people))),
    )


def _check(person: VolunteerInput) -> None:
    hours, km = person.max_hours_per_month, person.max_distance_km
    if hours is not None and not (math.isfinite(hours) and hours >= 0):
        raise ValueError(
            f"Volunteer {person.volunteer_id}: hours a month are a number of at least 0, "
            "or None for no limit."
        )
    if km is not None and math.isnan(km):
        raise ValueError(
            f"Volunteer {person.volunteer_id}: the longest way is a number of kilometres, "
            "or None for no limit."
        )


def merged(availability: Iterable[Free]) -> list[Free]:
    """Return weekly intervals in order, touching and overlapping ones joined."""
    result: list[Free] = []
    for free in sorted(availability):
        if result and result[-1].weekday == free.weekday and free[1] <= result[-1].end_minutes:
            last = result.pop()
            free = Free(last.weekday, last.start_minutes, max(last.end_minutes, free.end_minutes))
        result.append(free)
    return result


def _free_until(people: Sequence[VolunteerInput]) -> Minutes:
    table = np.zeros((len(people), 7 * QUARTERS), dtype=np.int16)
    for row, person in zip(table, people, strict=True):
        for weekday, start, end in merged(person.availability):
            first = weekday * QUARTERS + -(-start // STEP_MINUTES)
            row[first : weekday * QUARTERS + -(-end // STEP_MINUTES)] = end
    return table


def _off(people: Sequence[VolunteerInput], today: date, horizon_days: int) -> Bools:
    table = np.zeros((len(people), horizon_days), dtype=bool)
    for row, person in zip(table, people, strict=True):
        days = [(day - today).days for day in person.dates_off]
        row[[day for day in days if 0 <= day < horizon_days]] = True
    return table


def _minutes_left(people: Sequence[VolunteerInput], busy: Busies, today: date, months: int) -> Ints:
    limits = (v.max_hours_per_month for v in people)
    left = _ints(NO_LIMIT if hours is None else int(hours * 60) for hours in limits)
    table = np.repeat(left[:, None], months, axis=1)
    for volunteer, spots in busy.items():
        for spot in spots:
            on = date.fromordinal(today.toordinal() + spot.start // DAY_MINUTES)
            month = (on.year - today.year) * 12 + on.month - today.month
            if 0 <= month < months:
                table[volunteer, month] -= spot.end - spot.start
    return table


def _visits_left(people: Sequence[VolunteerInput], busy: Busies, today: date, weeks: int) -> Ints:
    limits = (v.max_visits_per_week for v in people)
    left = _ints(NO_LIMIT if limit is None else limit for limit in limits)
    table = np.repeat(left[:, None], weeks, axis=1)
    for volunteer, spots in busy.items():
        for spot in spots:
            week = (today.weekday() + spot.start // DAY_MINUTES) // 7
            if 0 <= week < weeks:
                table[volunteer, week] -= 1
    return table


def _skill_until(people: Sequence[VolunteerInput], today: date) -> dict[str, Ints]:
    codes = sorted({code for v in people for code in v.qualifications_until})
    days = {code: np.full(len(people), NO_LIMIT, dtype=np.int64) for code in codes}
    for number, person in enumerate(people):
        for code, until in person.qualifications_until.items():
            days[code][number] = _day(until, today)
    return days


def _days_until_adult(birth_on: date | None, today: date) -> int:
    if birth_on is None:
        return NEVER
    year = birth_on.year + ADULT_AGE
    leap_day = (birth_on.month, birth_on.day) == (2, 29)
    adult_on = date(year, 3, 1) if leap_day and year % 4 else birth_on.replace(year=year)
    return (adult_on - today).days


def _day(on: date | None, today: date) -> int:
    return NEVER if on is None else (on - today).days


def _rows(
    people: Sequence[VolunteerInput], codes_of: Callable[[VolunteerInput], frozenset[str]]
) -> dict[str, Bools]:
    codes = sorted({code for v in people for code in codes_of(v)})
    rows = {code: np.zeros(len(people), dtype=bool) for code in codes}
    for number, person in enumerate(people):
        for code in codes_of(person):
            rows[code][number] = True
    return rows


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _bools(values: Iterable[bool]) -> Bools:
    return np.array(list(values), dtype=bool)
