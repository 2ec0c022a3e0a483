"""How far apart two places are and how long the way takes."""

from datetime import date
from math import asin, ceil, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
ROAD_FACTOR = 1.35  # roads are longer than the straight line
PARKING_MINUTES = 5
WINTER_MONTHS = frozenset({12, 1, 2, 3})
CAR_SPEED_KMH = 35.0
CAR_WINTER_SPEED_KMH = 25.0
MOTORISED = frozenset({"car", "light_truck"})
OTHER_SPEED_KMH = {"bus": 20.0, "bicycle": 12.0}
WALKING_SPEED_KMH = 4.0


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Measure the great-circle distance between two points given in degrees."""
    half_lat = radians(other_lat - lat) / 2
    half_lon = radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def is_winter(on: date) -> bool:
    """Tell whether roads count as wintry on that day: December to March."""
    return on.month in WINTER_MONTHS


def speed_kmh(transport: str, on: date) -> float:
    """Return the speed of a way of travelling; an unknown one goes on foot."""
    if transport in MOTORISED:
        return CAR_WINTER_SPEED_KMH if is_winter(on) else CAR_SPEED_KMH
    return OTHER_SPEED_KMH.get(transport, WALKING_SPEED_KMH)


def travel_minutes(km: float, transport: str, on: date) -> int:
    """Estimate door-to-door minutes for a straight-line distance (BR-20)."""
    return ceil(PARKING_MINUTES + 60 * ROAD_FACTOR * km / speed_kmh(transport, on))
