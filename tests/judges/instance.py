"""One planning question in plain values that any process can read, with no planner at hand.

Days are ordinals (`date.toordinal`), times are minutes past midnight, None is "not known" or
"no limit".
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """A volunteer."""

    id: str
    status: str = "active"
    lat: float | None = None
    lon: float | None = None
    area: str | None = None
    gender: str | None = None
    born: tuple[int, int, int] | None = None
    guardian_until: int | None = None
    wants: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    skill_ends: tuple[tuple[str, int], ...] = ()
    free: tuple[tuple[int, int, int], ...] = ()
    off: tuple[int, ...] = ()
    transport: str | None = None
    reach_km: float | None = None
    month_hours: float | None = None
    week_visits: int | None = None
    most_offers: int | None = None
    offers: int = 0
    resting: tuple[str, ...] = ()
    notice: int = 0
    insured_until: int | None = None
    consent: bool = True


@dataclass(frozen=True)
class Ask:
    """A need."""

    id: str
    category: str
    lat: float | None = None
    lon: float | None = None
    area: str | None = None
    skills: tuple[str, ...] = ()
    most: int = 1
    least: int = 1
    first: int | None = None
    last: int | None = None
    weekdays: tuple[int, ...] = ()
    opens: int | None = None
    closes: int | None = None
    length: int | None = None
    recurrence: str = "once"
    urgency: str = "normal"
    gender: str | None = None
    car: bool = False
    min_age: int = 0
    home: bool = False
    insurance: bool = True
    consent: bool = True


@dataclass(frozen=True)
class Engagement:
    """Something a volunteer has promised already."""

    person: str
    day: int
    start: int
    end: int
    lat: float
    lon: float
    area: str | None = None


@dataclass(frozen=True)
class Seat:
    """One person on one visit (`visit` counts from 1) from `start` to `end`."""

    ask: str
    visit: int
    person: str
    day: int
    start: int
    end: int


@dataclass(frozen=True)
class Instance:
    """Everything a plan depends on; `locks` are (ask, person, day, start) to keep."""

    today: int
    horizon: int = 28
    people: tuple[Person, ...] = ()
    asks: tuple[Ask, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    blocked: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[tuple[str, str, int | None], ...] = ()
    locks: tuple[tuple[str, str, int, int], ...] = ()
    area_minutes: tuple[tuple[str, str, int], ...] = ()
    insurance_lead: int = 1
    minor_hours: tuple[int, int] = (360, 1200)
    scores: dict[str, int] = field(default_factory=dict)
    """Points of pairs, keyed `ask person`; 0 where none are given."""

    def score(self, ask: str, person: str) -> int:
        """Return the points a pair brings."""
        return self.scores.get(f"{ask} {person}", 0)


def to_text(instance: Instance) -> str:
    """Return one line of JSON."""
    return json.dumps(asdict(instance))


def from_text(text: str) -> Instance:
    """Return the instance that a line states."""
    given: dict[str, Any] = json.loads(text)
    given["people"] = tuple(Person(**_tuples(row)) for row in given["people"])
    given["asks"] = tuple(Ask(**_tuples(row)) for row in given["asks"])
    given["engagements"] = tuple(Engagement(**row) for row in given["engagements"])
    return Instance(**{**_tuples(given), "scores": given["scores"]})


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _frozen(value) for name, value in row.items()}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
