"""Which areas lie side by side: those with districts a short drive apart."""

from __future__ import annotations

from functools import cache

from matching.places.tables import DISTRICTS, District
from matching.places.travel import distance_km

NEAR_KM = 8.0


@cache
def neighbours(area_code: str) -> tuple[str, ...]:
    """List the areas beside an area, in the order of the reference table."""
    own = [district for district in DISTRICTS if district.area_code == area_code]
    beside = (
        other.area_code
        for other in DISTRICTS
        if other.area_code != area_code and any(_close(district, other) for district in own)
    )
    return tuple(dict.fromkeys(beside))


def _close(one: District, other: District) -> bool:
    return distance_km(one.lat, one.lon, other.lat, other.lon) <= NEAR_KM
