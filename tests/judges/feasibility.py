"""Every rule that a plan breaks, in words; nothing for a plan that can be carried out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from .instance import Instance, Seat
from .reading import DAY, Rules, Span, Visit, length


def faults(instance: Instance, seats: Iterable[Seat]) -> Iterator[str]:
    """Name what is wrong with a plan."""
    rules = Rules(instance)
    visits = {(v.ask.id, v.number): v for v in rules.visits}
    groups: dict[tuple[str, int], list[Seat]] = defaultdict(list)
    for seat in seats:
        groups[seat.ask, seat.visit].append(seat)
    for key, group in groups.items():
        if key not in visits:
            yield f"{key} is no visit"
            continue
        yield from _visit_faults(rules, visits[key], group)
    for key, visit in visits.items():
        if missing := visit.held - {seat.person for seat in groups[key]}:
            yield f"{key} lost {sorted(missing)}, who were locked"
    yield from _people_faults(rules, visits, groups)


def _visit_faults(rules: Rules, visit: Visit, group: list[Seat]) -> Iterator[str]:
    name = f"{visit.ask.id} visit {visit.number}"
    people = [seat.person for seat in group]
    starts = {_begins(seat) for seat in group}
    if len(starts) > 1:
        yield f"{name} has more than one time"
    if not starts <= set(visit.starts):
        yield f"{name} lies outside its window or off the quarters: {sorted(starts)}"
    if any(seat.end - seat.start != length(visit.ask) for seat in group):
        yield f"{name} does not take {length(visit.ask)} minutes"
    if len(set(people)) < len(people):
        yield f"{name} has somebody twice"
    more = len(set(people) - visit.held)
    if more and not visit.least_more <= more <= visit.open_seats:
        yield f"{name} has {len(people)} people, not {visit.ask.least} to {visit.ask.most}"
    for seat in group:
        yield from _gate_faults(rules, visit, seat, name)


def _gate_faults(rules: Rules, visit: Visit, seat: Seat, name: str) -> Iterator[str]:
    if seat.person in visit.held:
        return
    person = rules.people.get(seat.person)
    if person is None:
        yield f"{seat.person} is not registered"
    elif _begins(seat) not in rules.free_starts(person, visit):
        yield f"a gate shuts {seat.person} out of {name}"


def _people_faults(
    rules: Rules,
    visits: dict[tuple[str, int], Visit],
    groups: dict[tuple[str, int], list[Seat]],
) -> Iterator[str]:
    mine: dict[str, list[Span]] = defaultdict(list)
    for key, visit in visits.items():
        for seat in groups[key]:
            if seat.person not in visit.held and seat.person in rules.people:
                mine[seat.person].append(visit.span(_begins(seat)))
    for person_id, spans in mine.items():
        person = rules.people[person_id]
        if not rules.fits(person, spans):
            yield f"{person_id} has more hours or visits than allowed"
        for one, other in combinations(spans, 2):
            if rules.collide(person, one, other):
                yield f"{person_id} cannot be at {one} and at {other}"


def _begins(seat: Seat) -> int:
    return seat.day * DAY + seat.start
