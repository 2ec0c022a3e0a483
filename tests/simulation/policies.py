"""Ways of choosing whom to ask today: all keep to the same gates, only the choice differs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from matching.engine import Candidate, Problem, possible_slots, rank, solve

from .centre import Centre, Offer, Place, visit_key

Policy = Callable[[Centre, Problem, date], list[Offer]]
Order = Callable[[Candidate], tuple[object, ...]]


def planned(centre: Centre, problem: Problem, today: date) -> list[Offer]:
    """Ask those whom the plan over all needs together has chosen."""
    chosen: dict[tuple[str, str], list[Place]] = defaultdict(list)
    taken = {need_id: centre.seats_taken(need_id) for need_id in centre.open}
    for a in solve(problem).assignments:
        need = centre.open[a.need_id]
        key = visit_key(need, a.on)
        if not a.locked and taken[a.need_id][key] < need.headcount:
            taken[a.need_id][key] += 1
            chosen[a.need_id, a.volunteer_id].append(
                Place(a.need_id, a.volunteer_id, a.on, a.start_minutes)
            )
    offers = [Offer(*pair, tuple(places)) for pair, places in chosen.items()]
    return list(_not_too_many(centre, offers))


def _not_too_many(centre: Centre, offers: list[Offer]) -> Iterator[Offer]:
    """Leave for another day what would be more open offers than a person may have (BR-15)."""
    most = {v.given.volunteer_id: v.given.max_open_offers or 0 for v in centre.volunteers}
    out = Counter(who for _, who in centre.waiting)
    for offer in offers:
        if out[offer.volunteer_id] < most[offer.volunteer_id]:
            out[offer.volunteer_id] += 1
            yield offer


def nearest_first(centre: Centre, problem: Problem, today: date) -> list[Offer]:
    """Ask who lives nearest to each need, one need after the other."""
    return _one_by_one(centre, problem, lambda c: (c.km, c.volunteer_id))


def newest_first(centre: Centre, problem: Problem, today: date) -> list[Offer]:
    """Ask down a filtered list that shows the latest registrations first."""
    registered = {v.given.volunteer_id: v.registered_on for v in centre.volunteers}
    return _one_by_one(
        centre,
        problem,
        lambda c: (*(-ord(sign) for sign in registered[c.volunteer_id]), c.volunteer_id),
    )


def register_order(centre: Centre, problem: Problem, today: date) -> list[Offer]:
    """Ask down a filtered list in the order of the register."""
    return _one_by_one(centre, problem, lambda c: (c.volunteer_id,))


def _one_by_one(centre: Centre, problem: Problem, order: Order) -> list[Offer]:
    """Take needs as they came in and ask as many people as seats are open, each once a day."""
    asked_today: set[str] = set()
    offers: list[Offer] = []
    ranked = rank(problem, list(centre.open), top=len(centre.volunteers))
    for need_id in centre.open:
        slots: dict[object, tuple[date, int]] = {
            visit_key(centre.open[need_id], p.on): (p.on, p.start_minutes)
            for p in centre.held(need_id)
        }
        taken = centre.seats_taken(need_id)
        for candidate in sorted(ranked[need_id].candidates, key=order):
            if candidate.volunteer_id in asked_today:
                continue
            places = _places(centre, problem, need_id, candidate.volunteer_id, slots, taken)
            if places:
                asked_today.add(candidate.volunteer_id)
                offers.append(Offer(need_id, candidate.volunteer_id, tuple(places)))
    return offers


def _places(
    centre: Centre,
    problem: Problem,
    need_id: str,
    volunteer_id: str,
    slots: dict[object, tuple[date, int]],
    taken: Counter[object],
) -> list[Place]:
    """Return the open visits a person can do, each at the time agreed or the earliest one."""
    need = centre.open[need_id]
    found: list[Place] = []
    left = need_hours_left(problem, volunteer_id)
    for slot in possible_slots(problem, need_id, [volunteer_id])[volunteer_id]:
        key = visit_key(need, slot.on)
        agreed = slots.get(key)
        if taken[key] >= need.headcount or any(visit_key(need, p.on) == key for p in found):
            continue
        if agreed is not None and (agreed[0] != slot.on or agreed[1] not in slot.starts):
            continue
        if left(slot.on, slot.duration_minutes):
            start = slot.starts[0] if agreed is None else agreed[1]
            found.append(Place(need_id, volunteer_id, slot.on, start))
    for place in found:
        key = visit_key(need, place.on)
        slots.setdefault(key, (place.on, place.start_minutes))
        taken[key] += 1
    return found


def need_hours_left(problem: Problem, volunteer_id: str) -> Callable[[date, int], bool]:
    """Return a counter that says whether one more visit stays within a person's own limits."""
    who = problem.volunteer_index[volunteer_id]
    minutes = problem.volunteers.minutes_left[who].copy()
    visits = problem.volunteers.visits_left[who].copy()

    def take(on: date, length: int) -> bool:
        day = (on - problem.options.today).days
        month, week = problem.month_of[day], problem.week_of[day]
        if minutes[month] < length or visits[week] < 1:
            return False
        minutes[month] -= length
        visits[week] -= 1
        return True

    return take
