"""The same question answered by plain Python loops: one pair after the other."""

import heapq
import math
from collections import Counter
from datetime import date
from typing import NamedTuple

from matching.engine import Gate, NeedInput, Problem, VolunteerInput
from matching.engine.visits import starts, visit_days

HORIZON_DAYS = 28
EARTH_KM = 6371.0
WINTER_KMH = {"car": 25.0, "light_truck": 25.0, "bus": 20.0, "bicycle": 12.0, "walk": 4.0}


class Slot(NamedTuple):
    """One day and time at which one visit may take place."""

    visit: int
    in_days: int
    weekday: int
    start: int
    end: int


class Person(NamedTuple):
    """A volunteer with the weekly times by weekday and the points of past offers ready."""

    given: VolunteerInput
    free: dict[int, list[tuple[int, int]]]
    record: int


class Answer(NamedTuple):
    """What `rank` says about one need, in plain values."""

    best: list[tuple[str, int]]
    eligible: int
    excluded: dict[Gate, int]


def people_of(problem: Problem) -> list[Person]:
    """Return everybody, prepared as far as one person alone can be."""
    factors = [every.tolist() for every in problem.records.points.values()]
    points = map(sum, zip(*factors, strict=True))
    return [_person(*one) for one in zip(problem.volunteers.inputs, points, strict=True)]


def _person(given: VolunteerInput, record: int) -> Person:
    free: dict[int, list[tuple[int, int]]] = {}
    for weekday, opens, closes in sorted(given.availability):
        times = free.setdefault(weekday, [])
        if times and opens <= times[-1][1]:
            opens, closes = times[-1][0], max(closes, times.pop()[1])
        times.append((opens, closes))
    return Person(given, free, record)


def slots_of(need: NeedInput, today: date) -> list[Slot]:
    """Return every day and time of every visit of a need."""
    minutes = need.duration_minutes or 0
    return [
        Slot(number, (day - today).days, day.weekday(), start, start + minutes)
        for number, days in enumerate(visit_days(need, today, HORIZON_DAYS))
        for day in days
        for start in starts(need)
    ]


def answer(need: NeedInput, people: list[Person], today: date, top: int = 20) -> Answer:
    """Return the best people for a need and the first gate of everybody else."""
    slots = slots_of(need, today)
    scored, shut = [], Counter[Gate]()
    for number, person in enumerate(people):
        gate, left = first_gate(need, slots, person)
        if gate is None:
            scored.append((score(need, slots, left, person), -number, person.given.volunteer_id))
        elif gate is not Gate.NOT_ACTIVE:
            shut[gate] += 1
    best = heapq.nlargest(top, scored)
    return Answer([(who, points) for points, _, who in best], len(scored), dict(shut))


def first_gate(
    need: NeedInput, slots: list[Slot], person: Person
) -> tuple[Gate | None, list[Slot]]:
    """Return the first gate after which nothing is left, or None and what is left."""
    for gate in PERSON_GATES:
        if not may(gate, need, person.given):
            return gate, []
    for gate in SLOT_GATES:
        slots = [slot for slot in slots if may_then(gate, need, slot, person)]
        if not slots:
            return gate, []
    return None, slots


def every_gate(need: NeedInput, slots: list[Slot], person: Person) -> list[Gate]:
    """Return all gates that shut a person out, each looked at alone."""
    found = [gate for gate in PERSON_GATES if not may(gate, need, person.given)]
    for gate in SLOT_GATES:
        if not any(may_then(gate, need, slot, person) for slot in slots):
            found.append(gate)
    return found


PERSON_GATES = (
    Gate.NOT_ACTIVE,
    Gate.CATEGORY_NOT_WANTED,
    Gate.SKILL_MISSING,
    Gate.NO_CAR,
    Gate.GENDER,
    Gate.TOO_FAR,
)
SLOT_GATES = (Gate.NOT_AVAILABLE, Gate.NOTICE, Gate.HOURS_LIMIT, Gate.INSURANCE)


def may(gate: Gate, need: NeedInput, person: VolunteerInput) -> bool:
    """Tell whether a gate on the person lets somebody through."""
    if gate is Gate.NOT_ACTIVE:
        return person.status == "active"
    if gate is Gate.CATEGORY_NOT_WANTED:
        return need.category in person.categories
    if gate is Gate.SKILL_MISSING:
        return need.required_skills <= person.skills
    if gate is Gate.NO_CAR:
        return not need.car_needed or person.transport in ("car", "light_truck")
    if gate is Gate.GENDER:
        return need.gender_preference == "any" or need.gender_preference == person.gender
    return km(need, person) <= (person.max_distance_km or 0)


def may_then(gate: Gate, need: NeedInput, slot: Slot, person: Person) -> bool:
    """Tell whether a gate on the time lets somebody through at that time."""
    if gate is Gate.NOT_AVAILABLE:
        times = person.free.get(slot.weekday, ())
        return any(opens <= slot.start and slot.end <= closes for opens, closes in times)
    given = person.given
    if gate is Gate.NOTICE:
        return given.notice_days <= slot.in_days
    if gate is Gate.HOURS_LIMIT:
        return (given.max_hours_per_month or 0) * 60 >= slot.end - slot.start
    return slot.in_days >= 1 or given.insured_until is not None


def km(need: NeedInput, person: VolunteerInput) -> float:
    """Return great-circle kilometres from home to the need."""
    a, b = math.radians(person.lat or 0), math.radians(need.lat or 0)
    half = math.sin((b - a) / 2) ** 2
    way = math.radians((need.lon or 0) - (person.lon or 0))
    half += math.cos(a) * math.cos(b) * math.sin(way / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def score(need: NeedInput, slots: list[Slot], left: list[Slot], person: Person) -> int:
    """Return the points of a pair with the standard weights."""
    visits = len({slot.visit for slot in slots})
    done = len({slot.visit for slot in left}) * len(slots) + len(left) * visits
    speed = WINTER_KMH[person.given.transport or "walk"]
    minutes = math.ceil(5 + 60 * 1.35 * km(need, person.given) / speed)
    focus = 3 + max(len(person.given.categories), 1)
    each = max(len(need.required_skills), 1)
    points = 200 * done // (2 * visits * len(slots))
    points += 200 * min(max(65 - minutes, 0), 60) // 60
    points += 150 * (8 * each + each * focus) // (3 * each * focus)
    return points + person.record
