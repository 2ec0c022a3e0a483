"""What the rules of the model allow: visits, their starts, who may do them, and the ways."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from .instance import Ask, Instance, Person

URGENCY = {"emergency": 8, "high": 4, "normal": 2, "low": 1}
DAY = 1440
QUARTER = 15


@dataclass(frozen=True)
class Span:
    """Being somewhere from one absolute minute to another."""

    begins: int
    ends: int
    lat: float
    lon: float
    area: str | None

    @property
    def day(self) -> int:
        """The ordinal of the day it begins."""
        return self.begins // DAY


@dataclass(frozen=True)
class Visit:
    """One visit of an ask with every absolute start it may have."""

    ask: Ask
    number: int
    starts: tuple[int, ...]
    held: frozenset[str] = frozenset()
    """People whom locks keep on it, at its only start."""

    @property
    def open_seats(self) -> int:
        """Return how many people more it takes."""
        return max(0, self.ask.most - len(self.held))

    @property
    def least_more(self) -> int:
        """Return with how many people more, at least, it is placed; none more is fine if held."""
        return max(1, self.ask.least - len(self.held))

    @property
    def weight(self) -> int:
        """What one filled seat counts."""
        return URGENCY[self.ask.urgency]

    def span(self, start: int) -> Span:
        """Return where and how long a person is on this visit."""
        ask = self.ask
        assert ask.lat is not None and ask.lon is not None
        return Span(start, start + length(ask), ask.lat, ask.lon, ask.area)


def length(ask: Ask) -> int:
    """Return the minutes a visit takes."""
    opens, closes = _window(ask)
    return ask.length if ask.length is not None else min(60, max(closes - opens, 1))


def _window(ask: Ask) -> tuple[int, int]:
    return (
        540 if ask.opens is None else ask.opens,
        1020 if ask.closes is None else ask.closes,
    )


def visits(instance: Instance, ask: Ask) -> list[Visit]:
    """Return the visits of an ask in order of their first possible day."""
    together: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for day in range(instance.today, instance.today + instance.horizon):
        if _asked_on(ask, day) and (key := _same_visit(ask, day)) is not None:
            together[key].append(day)
    opens, closes = _window(ask)
    minutes = [m for m in range(0, DAY, QUARTER) if opens <= m and m + length(ask) <= closes]
    return [
        Visit(ask, number, tuple(day * DAY + minute for day in days for minute in minutes))
        for number, days in enumerate(together.values(), start=1)
    ]


def _asked_on(ask: Ask, day: int) -> bool:
    if ask.first is None or day < ask.first:
        return False
    last = ask.first if ask.last is None and ask.recurrence == "once" else ask.last
    weekday = date.fromordinal(day).weekday()
    return (last is None or day <= last) and (not ask.weekdays or weekday in ask.weekdays)


def _same_visit(ask: Ask, day: int) -> tuple[int, ...] | None:
    """Return what days of one visit have in common; None for a day of no visit."""
    assert ask.first is not None
    on = date.fromordinal(day)
    monday = day - on.weekday()
    match ask.recurrence:
        case "once" | "as_needed":
            return ()
        case "monthly":
            return on.year, on.month
        case "biweekly":
            first_monday = ask.first - date.fromordinal(ask.first).weekday()
            if (monday - first_monday) % 14 != 0:
                return None
    return (day,) if ask.weekdays else (monday,)


@cache
def kilometres(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Return the great-circle distance on a globe of 6371 km."""
    a, b, turn = math.radians(lat), math.radians(to_lat), math.radians(to_lon - lon)
    across = math.hypot(
        math.cos(b) * math.sin(turn),
        math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(turn),
    )
    along = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return 6371.0 * math.atan2(across, along)


@cache
def _winter(day: int) -> bool:
    return date.fromordinal(day).month in (12, 1, 2, 3)


class Rules:
    """The rules applied to one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.people = {person.id: person for person in instance.people}
        self.asks = {ask.id: ask for ask in instance.asks}
        self.engaged: dict[str, list[Span]] = defaultdict(list)
        for e in instance.engagements:
            if e.person in self.people:
                midnight = e.day * DAY
                span = Span(midnight + e.start, midnight + e.end, e.lat, e.lon, e.area)
                self.engaged[e.person].append(span)
        self.visits = [self._locked(v) for ask in instance.asks for v in visits(instance, ask)]
        self._table = {(a, b): m for a, b, m in instance.area_minutes}
        self._free: dict[str, list[set[int]]] = {}

    def _locked(self, visit: Visit) -> Visit:
        """Keep people on a visit, and the visit at its time, where a lock says so."""
        days = {start // DAY for start in visit.starts}
        mine = [
            (who, day * DAY + start)
            for ask, who, day, start in self.instance.locks
            if ask == visit.ask.id and day in days
        ]
        if not mine:
            return visit
        start = min(start for _, start in mine)
        held = frozenset(who for who, at in mine if at == start)
        for who in sorted(held):
            self.engaged[who].append(visit.span(start))
        return Visit(visit.ask, visit.number, (start,), held)

    def travel(self, person: Person, one: Span, other: Span) -> int:
        """Return the minutes a person needs from one place to the other."""
        if one.area is not None and other.area is not None:
            for pair in ((one.area, other.area), (other.area, one.area)):
                if pair in self._table:
                    return self._table[pair]
        cold = _winter(one.day) or _winter(other.day)
        speeds = {"car": 25 if cold else 35, "light_truck": 25 if cold else 35}
        speed = {**speeds, "bus": 20, "bicycle": 12}.get(person.transport or "", 4)
        km = kilometres(one.lat, one.lon, other.lat, other.lon)
        return math.ceil(5 + 60 * 1.35 * km / speed)

    def collide(self, person: Person, one: Span, other: Span) -> bool:
        """Tell whether a person cannot keep both."""
        early, late = sorted((one, other), key=lambda span: (span.begins, span.ends))
        return late.begins < early.ends + self.travel(person, early, late)

    def free_starts(self, person: Person, visit: Visit) -> list[int]:
        """Return the starts of a visit at which every gate lets a person through."""
        if person.id in visit.held or not self._welcome(person, visit.ask):
            return []
        return [start for start in visit.starts if self._able(person, visit, start)]

    def _welcome(self, person: Person, ask: Ask) -> bool:
        """Apply the gates that do not look at the day."""
        if person.status != "active" or ask.category not in person.wants:
            return False
        if not set(ask.skills) <= set(person.skills) or not (person.consent and ask.consent):
            return False
        if ask.car and person.transport not in ("car", "light_truck"):
            return False
        if ask.gender not in (None, "any", person.gender) or not self._near(person, ask):
            return False
        full = person.most_offers is not None and person.offers >= person.most_offers
        pair = (ask.id, person.id)
        shut = pair in self.instance.blocked or (*pair, None) in self.instance.forbidden
        return not full and ask.category not in person.resting and not shut

    def _near(self, person: Person, ask: Ask) -> bool:
        if person.lat is None or person.lon is None or ask.lat is None or ask.lon is None:
            return False
        km = kilometres(person.lat, person.lon, ask.lat, ask.lon)
        return person.reach_km is None or km <= person.reach_km

    def _able(self, person: Person, visit: Visit, start: int) -> bool:
        """Apply the gates that look at the day and hour, other visits left aside."""
        ask, day = visit.ask, start // DAY
        ahead = day - self.instance.today
        if (ask.id, person.id, day) in self.instance.forbidden or ahead < person.notice:
            return False
        if not self._covered(person, day, start % DAY, start % DAY + length(ask)):
            return False
        if any(code in ask.skills and until < day for code, until in person.skill_ends):
            return False
        covered = person.insured_until is not None and person.insured_until >= day
        if ask.insurance and not covered and ahead < self.instance.insurance_lead:
            return False
        if not self._old_enough(person, ask, day, start % DAY):
            return False
        span = visit.span(start)
        return self.fits(person, [span]) and not any(
            self.collide(person, span, kept) for kept in self.engaged[person.id]
        )

    def _covered(self, person: Person, day: int, begins: int, ends: int) -> bool:
        if day in person.off:
            return False
        if person.id not in self._free:
            week: list[set[int]] = [set() for _ in range(7)]
            for weekday, opens, closes in person.free:
                week[weekday].update(range(opens, closes))
            self._free[person.id] = week
        return self._free[person.id][date.fromordinal(day).weekday()].issuperset(
            range(begins, ends)
        )

    def _old_enough(self, person: Person, ask: Ask, day: int, start: int) -> bool:
        """BR-10: a minor needs a guardian's consent, age, decent hours and company in a home."""
        if person.born is None:
            return True
        on, (year, month, born_on) = date.fromordinal(day), person.born
        age = on.year - year - ((on.month, on.day) < (month, born_on))
        if age >= 18:
            return True
        opens, closes = self.instance.minor_hours
        return (
            person.guardian_until is not None
            and person.guardian_until >= day
            and age >= ask.min_age
            and opens <= start
            and start + length(ask) <= closes
            and not (ask.home and ask.least < 2)
        )

    def fits(self, person: Person, spans: list[Span]) -> bool:
        """Tell whether hours a month and visits a week stay within what a person allows."""
        minutes: dict[object, int] = defaultdict(int)
        count: dict[object, int] = defaultdict(int)
        for span in [*self.engaged[person.id], *spans]:
            on = date.fromordinal(span.day)
            minutes[on.year, on.month] += span.ends - span.begins
            count[span.day - on.weekday()] += 1
        touched = [date.fromordinal(span.day) for span in spans]
        return all(
            person.month_hours is None or minutes[on.year, on.month] <= person.month_hours * 60
            for on in touched
        ) and all(
            person.week_visits is None or count[on.toordinal() - on.weekday()] <= person.week_visits
            for on in touched
        )

    def chances(self) -> Iterator[tuple[Visit, Person, list[int]]]:
        """Give every visit with every person who could do it, and the starts at which."""
        for visit in self.visits:
            for person in self.instance.people:
                if starts := self.free_starts(person, visit):
                    yield visit, person, starts
