"""Places of needs and bookings, and the minutes a volunteer needs between two of them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.engine.travel import km_between, minutes_for, speed_kmh
from matching.engine.visits import DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map (NaN where unknown) and the centre's own area, where it has one."""

    lat: float
    lon: float
    area: str | None

    @property
    def known(self) -> bool:
        """Tell whether the point is known."""
        return not math.isnan(self.lat + self.lon)


class Geography:
    """Travel between numbered places, by volunteer and season; distances are remembered."""

    def __init__(
        self,
        places: Iterable[Place],
        transports: Iterable[str | None],
        winter_days: tuple[bool, ...],
        area_minutes: Mapping[tuple[str, str], int],
    ) -> None:
        self.places: list[Place] = []
        self.transports = list(transports)  # by volunteer
        self.winter_days = winter_days
        self.area_minutes = area_minutes
        self.seasons = frozenset(winter_days)
        """Whether the horizon lies in winter, outside it, or in both."""
        self._km: dict[tuple[int, int], float] = {}
        self._longest: dict[str | None, int] = {}
        self._frame = (math.inf, -math.inf, math.inf, -math.inf)
        for place in places:
            self.add(place)

    def add(self, place: Place) -> int:
        """Take in one more place; return its number."""
        self.places.append(place)
        if place.known:
            south, north, west, east = self._frame
            frame = (
                min(south, place.lat),
                max(north, place.lat),
                min(west, place.lon),
                max(east, place.lon),
            )
            if frame != self._frame:
                self._frame = frame
                self._longest.clear()
        return len(self.places) - 1

    def minutes(self, volunteer: int, place: int, other: int, winter: bool) -> int:
        """Return travel minutes between two places."""
        if self.area_minutes:
            table = self.table_minutes(self.places[place].area, self.places[other].area)
            if table is not None:
                return table
        return minutes_for(self.km(place, other), speed_kmh(self.transports[volunteer], winter))

    def longest_minutes(self, volunteer: int) -> int:
        """Return minutes that no trip of a volunteer exceeds; quicker than to ask for each."""
        transport = self.transports[volunteer]
        if transport not in self._longest:
            slow = minutes_for(self._longest_km(), speed_kmh(transport, True))
            self._longest[transport] = max(slow, *self.area_minutes.values(), 0)
        return self._longest[transport]

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
            known = a.known and b.known
            self._km[key] = km_between(a.lat, a.lon, b.lat, b.lon) if known else math.nan
        return self._km[key]

    def _longest_km(self) -> float:
        """Return kilometres that no two known places exceed: along their frame and across it."""
        south, north, west, east = self._frame
        if south > north:
            return math.nan
        widest = 0.0 if south < 0 < north else min(abs(south), abs(north))
        return km_between(south, west, north, west) + km_between(widest, west, widest, east)
