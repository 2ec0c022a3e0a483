"""Trying every plan of a tiny instance, to know the best one for certain."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations

from matching.engine import VolunteerInput

from .referee import WEIGHT, Seating, Slot, broken, may, visits
from .samples import World

Value = tuple[int, int, int, int]
"""Weighted seats, score, minus load, series: compared from left to right."""


def best_value(world: World, scores: Mapping[tuple[str, str], int]) -> Value:
    """The best staged value any plan reaches; `scores` by need and volunteer."""
    stops = [
        (need, number + 1, slots)
        for need in world.needs
        for number, slots in enumerate(visits(need, world))
    ]
    stops.sort(key=lambda stop: -WEIGHT[stop[0].urgency])
    most = [WEIGHT[need.urgency] * need.headcount for need, _, _ in stops]
    best = value_of(world, [], scores)

    def search(at: int, seatings: list[Seating]) -> None:
        nonlocal best
        value = value_of(world, seatings, scores)
        best = max(best, value)
        if at == len(stops) or value[0] + sum(most[at:]) < best[0]:
            return
        need, number, slots = stops[at]
        for slot in slots:
            able = [p for p in world.volunteers if may(p, need, slot, world)]
            for group in _groups(able, need.min_headcount, need.headcount):
                extended = [*seatings, Seating(need, number, slot, list(group))]
                if next(broken(world, extended), None) is None:
                    search(at + 1, extended)
        search(at + 1, seatings)

    search(0, [])
    return best


def _groups(
    able: list[VolunteerInput], least: int, most: int
) -> Iterator[tuple[VolunteerInput, ...]]:
    for size in range(min(most, len(able)), least - 1, -1):
        yield from combinations(able, size)


def value_of(world: World, seatings: list[Seating], scores: Mapping[tuple[str, str], int]) -> Value:
    """The staged value of one plan."""
    seats = score = 0
    visits_of: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for s in seatings:
        seats += WEIGHT[s.need.urgency] * len(s.people)
        for person in s.people:
            score += scores[s.need.need_id, person.volunteer_id]
            visits_of[person.volunteer_id] += 1
            together[s.need.need_id, person.volunteer_id] += 1
    booked = Counter(b.volunteer_id for b in world.bookings)
    load = sum(sum(range(booked[name], booked[name] + count)) for name, count in visits_of.items())
    return seats, score, -load, sum(count - 1 for count in together.values())


__all__ = ["Slot", "Value", "best_value", "value_of"]
