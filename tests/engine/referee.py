"""An independent reading of the rules, in plain Python, to judge what the planner says.

Nothing here calls the planner: expansion, gates, travel and limits are written again.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from matching.engine import Assignment, Booking, NeedInput, VolunteerInput

from .samples import World

SPEED = {"car": 35, "light_truck": 35, "bus": 20, "bicycle": 12, "walk": 4}
WEIGHT = {"emergency": 8, "high": 4, "normal": 2, "low": 1}
Slot = tuple[date, int]


def visits(need: NeedInput, world: World) -> list[list[Slot]]:
    """Per visit, every day and start it may have."""
    today, horizon = world.options.today, world.options.horizon_days
    groups: dict[object, list[date]] = {}
    for offset in range(horizon):
        day = today + timedelta(days=offset)
        if need.start_on is None or day < need.start_on:
            continue
        end = need.end_on or (need.start_on if need.recurrence == "once" else None)
        if end is not None and day > end:
            continue
        if need.weekdays and day.weekday() not in need.weekdays:
            continue
        key = _group(need, day)
        if key is not None:
            groups.setdefault(key, []).append(day)
    opens = 540 if need.time_from is None else need.time_from
    closes = 1020 if need.time_to is None else need.time_to
    minutes = length(need)
    times = [t for t in range(0, 1440, 15) if opens <= t and t + minutes <= closes]
    return [[(d, t) for d in days for t in times] for days in groups.values()]


def _group(need: NeedInput, day: date) -> object:
    monday = day - timedelta(days=day.weekday())
    if need.recurrence in ("once", "as_needed"):
        return "only"
    if need.recurrence == "monthly":
        return day.year, day.month
    if need.recurrence == "biweekly":
        assert need.start_on is not None
        first = need.start_on - timedelta(days=need.start_on.weekday())
        if (monday - first).days % 14:
            return None
    return day if need.weekdays else monday


def length(need: NeedInput) -> int:
    """Minutes one visit takes."""
    if need.duration_minutes is not None:
        return need.duration_minutes
    opens = 540 if need.time_from is None else need.time_from
    closes = 1020 if need.time_to is None else need.time_to
    return min(60, closes - opens)


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle kilometres, by the chord between unit vectors."""

    def unit(p: tuple[float, float]) -> tuple[float, float, float]:
        lat, lon = math.radians(p[0]), math.radians(p[1])
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    return 2 * 6371.0 * math.asin(min(1.0, math.dist(unit(a), unit(b)) / 2))


def travel(
    person: VolunteerInput, a: tuple[float, float], b: tuple[float, float], day: date
) -> int:
    """Minutes between two places."""
    speed = SPEED.get(person.transport or "", 4)
    if speed == 35 and day.month in (12, 1, 2, 3):
        speed = 25
    return math.ceil(5 + 60 * 1.35 * km(a, b) / speed - 1e-9)


def may(person: VolunteerInput, need: NeedInput, slot: Slot, world: World) -> bool:
    """Whether a person passes every gate for one slot, other visits left aside."""
    day, start = slot
    ahead = (day - world.options.today).days
    known = None not in (person.lat, person.lon, need.lat, need.lon)
    return (
        person.status == "active"
        and need.category in person.categories
        and need.required_skills <= person.skills
        and (not need.car_needed or person.transport in ("car", "light_truck"))
        and need.gender_preference in (None, "any", person.gender)
        and known
        and (person.max_distance_km is None or _apart(person, need) <= person.max_distance_km)
        and _is_free(person, day, start, start + length(need))
        and ahead >= person.notice_days
        and _minutes_left(person, day, world) >= length(need)
        and _week_left(person, day, world) >= 1
        and (need.need_id, person.volunteer_id) not in world.blocked
        and ((person.insured_until or date.min) >= day or ahead >= 1)
        and not any(
            _clash(person, _spot(need, slot), _booked(booking), day)
            for booking in world.bookings
            if booking.volunteer_id == person.volunteer_id
        )
    )


def _apart(person: VolunteerInput, need: NeedInput) -> float:
    assert person.lat is not None and person.lon is not None
    assert need.lat is not None and need.lon is not None
    return km((person.lat, person.lon), (need.lat, need.lon))


def _is_free(person: VolunteerInput, day: date, start: int, end: int) -> bool:
    minutes = {
        m for f in person.availability if f.weekday == day.weekday() for m in range(f[1], f[2])
    }
    return day not in person.dates_off and set(range(start, end)) <= minutes


def _minutes_left(person: VolunteerInput, day: date, world: World) -> float:
    if person.max_hours_per_month is None:
        return math.inf
    taken = sum(
        b.end_minutes - b.start_minutes
        for b in world.bookings
        if b.volunteer_id == person.volunteer_id
        and (b.on.year, b.on.month) == (day.year, day.month)
    )
    return person.max_hours_per_month * 60 - taken


def _week_left(person: VolunteerInput, day: date, world: World) -> float:
    if person.max_visits_per_week is None:
        return math.inf
    taken = sum(
        b.on.isocalendar()[:2] == day.isocalendar()[:2]
        for b in world.bookings
        if b.volunteer_id == person.volunteer_id
    )
    return person.max_visits_per_week - taken


Spot = tuple[date, int, int, tuple[float, float]]


def _spot(need: NeedInput, slot: Slot) -> Spot:
    assert need.lat is not None and need.lon is not None
    return slot[0], slot[1], slot[1] + length(need), (need.lat, need.lon)


def _booked(booking: Booking) -> Spot:
    place = (booking.lat, booking.lon)
    assert place[0] is not None and place[1] is not None
    return booking.on, booking.start_minutes, booking.end_minutes, (place[0], place[1])


def _clash(person: VolunteerInput, one: Spot, other: Spot, day: date) -> bool:
    def absolute(spot: Spot) -> tuple[int, int]:
        midnight = spot[0].toordinal() * 1440
        return midnight + spot[1], midnight + spot[2]

    (_, end), (start, _) = sorted([absolute(one), absolute(other)])
    return start < end or start - end < travel(person, one[3], other[3], day)


@dataclass
class Seating:
    """Who sits on a visit, and when."""

    need: NeedInput
    visit: int
    slot: Slot
    people: list[VolunteerInput]


def faults(world: World, assignments: Iterable[Assignment]) -> Iterator[str]:
    """Every rule a plan breaks, in words; nothing for a plan that can be carried out."""
    needs = {n.need_id: n for n in world.needs}
    people = {v.volunteer_id: v for v in world.volunteers}
    by_visit: dict[tuple[str, int], list[Assignment]] = defaultdict(list)
    for a in assignments:
        by_visit[a.need_id, a.visit].append(a)
    seatings = []
    for (need_id, number), group in by_visit.items():
        need = needs[need_id]
        slots = {(a.on, a.start_minutes) for a in group}
        if len(slots) > 1:
            yield f"{need_id} visit {number} has two times"
        slot = min(slots)
        if slot not in visits(need, world)[number - 1]:
            yield f"{need_id} visit {number} lies at {slot}"
        if not need.min_headcount <= len(group) <= need.headcount:
            yield f"{need_id} visit {number} has {len(group)} people"
        if any(a.end_minutes - a.start_minutes != length(need) for a in group):
            yield f"{need_id} visit {number} is too long or short"
        seatings.append(Seating(need, number, slot, [people[a.volunteer_id] for a in group]))
    yield from broken(world, seatings)


def broken(world: World, seatings: list[Seating]) -> Iterator[str]:
    """Rules broken by people's places taken together."""
    per_person: dict[str, list[Seating]] = defaultdict(list)
    for s in seatings:
        if len({p.volunteer_id for p in s.people}) < len(s.people):
            yield f"{s.need.need_id} has somebody twice"
        for person in s.people:
            per_person[person.volunteer_id].append(s)
            if not may(person, s.need, s.slot, world):
                yield f"{person.volunteer_id} may not do {s.need.need_id} at {s.slot}"
    for person in world.volunteers:
        yield from _limits(world, person, per_person[person.volunteer_id])


def _limits(world: World, person: VolunteerInput, mine: list[Seating]) -> Iterator[str]:
    months: Counter[tuple[int, int]] = Counter()
    weeks: Counter[tuple[int, int]] = Counter()
    for s in mine:
        day = s.slot[0]
        months[day.year, day.month] += length(s.need)
        weeks[day.isocalendar()[:2]] += 1
        if months[day.year, day.month] > _minutes_left(person, day, world):
            yield f"{person.volunteer_id} has too many hours"
        if weeks[day.isocalendar()[:2]] > _week_left(person, day, world):
            yield f"{person.volunteer_id} has too many visits in a week"
    for a, b in combinations(mine, 2):
        if _clash(person, _spot(a.need, a.slot), _spot(b.need, b.slot), a.slot[0]):
            yield f"{person.volunteer_id} cannot do both {a.need.need_id} and {b.need.need_id}"
