"""Places of needs and bookings, and the minutes a volunteer needs between two of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matching.engine.travel import km_between, minutes_for, speed_kmh
from matching.engine.visits import DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map (NaN where unknown) and the centre's own area, where it has one."""

    lat: float
    lon: float
    area: str | None


@dataclass(frozen=True, slots=True)
class Geography:
    """Travel between numbered places, by volunteer and season; distances are remembered."""

    places: tuple[Place, ...]
    transports: tuple[str | None, ...]  # by volunteer
    winter_days: tuple[bool, ...]
    area_minutes: Mapping[tuple[str, str], int]
    _seasons: frozenset[bool] = field(init=False, repr=False, compare=False)
    _km: dict[tuple[int, int], float] = field(default_factory=dict, repr=False, compare=False)
    _longest: dict[str | None, int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_seasons", frozenset(self.winter_days))

    def minutes(self, volunteer: int, place: int, other: int, winter: bool) -> int:
        """Return travel minutes between two places."""
        table = self.table_minutes(self.places[place].area, self.places[other].area)
        if table is not None:
            return table
        return minutes_for(self.km(place, other), speed_kmh(self.transports[volunteer], winter))

    def longest_minutes(self, volunteer: int) -> int:
        """Return minutes that no trip of a volunteer exceeds; quicker than to ask for each."""
        transport = self.transports[volunteer]
        if transport not in self._longest:
            slow = minutes_for(_longest_km(self.places), speed_kmh(transport, True))
            self._longest[transport] = max(slow, *self.area_minutes.values(), 0)
        return self._longest[transport]

    @property
    def seasons(self) -> frozenset[bool]:
        """Whether the horizon lies in winter, outside it, or in both."""
        return self._seasons

    def winter_at(self, minute: int) -> bool:
        """Tell whether an absolute minute lies in winter; outside the horizon its edge counts."""
        return self.winter_days[min(max(minute // DAY_MINUTES, 0), len(self.winter_days) - 1)]

    def table_minutes(self, area: str | None, other: str | None) -> int | None:
        """Return the centre's own minutes between two areas, where it has them."""
        if area is None or other is None:
            return None
        forth = self.area_minutes.get((area, other))
        return forth if forth is not None else self.area_minutes.get((other, area))

    def km(self, place: int, other: int) -> float:
        """Return kilometres between two places; NaN when one is unknown."""
        key = (place, other) if place <= other else (other, place)
        if key not in self._km:
            a, b = self.places[key[0]], self.places[key[1]]
            known = not math.isnan(a.lat + a.lon + b.lat + b.lon)
            self._km[key] = km_between(a.lat, a.lon, b.lat, b.lon) if known else math.nan
        return self._km[key]


def _longest_km(places: Sequence[Place]) -> float:
    """Return kilometres that no two known places exceed: once along, once across their frame."""
    known = [place for place in places if not math.isnan(place.lat + place.lon)]
    if not known:
        return math.nan
    south, north = min(p.lat for p in known), max(p.lat for p in known)
    west, east = min(p.lon for p in known), max(p.lon for p in known)
    widest = 0.0 if south < 0 < north else min(abs(south), abs(north))
    return km_between(south, west, north, west) + km_between(widest, west, widest, east)
