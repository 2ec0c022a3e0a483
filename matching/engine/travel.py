"""Great-circle distance and travel minutes between two places (BR-20, winter factor)."""

import math

import numpy as np

from matching.engine.arrays import Bools, Floats, Ints

EARTH_KM = 6371.0
ROAD_FACTOR = 1.35
SETTING_OUT_MINUTES = 5
ROUNDING = 1e-12
WINTER_MONTHS = frozenset({12, 1, 2, 3})
CARS = frozenset({"car", "light_truck"})
WALKING_KMH = 4.0
SPEED_KMH = {"car": 35.0, "light_truck": 35.0, "bus": 20.0, "bicycle": 12.0, "walk": WALKING_KMH}
WINTER_SPEED_KMH = {**SPEED_KMH, "car": 25.0, "light_truck": 25.0}


def speed_kmh(transport: str | None, winter: bool) -> float:
    """Return the speed of a means of transport; an unknown one counts as walking."""
    table = WINTER_SPEED_KMH if winter else SPEED_KMH
    return table.get(transport or "", WALKING_KMH)


def distance_km(lat: Floats, lon: Floats, to_lat: float, to_lon: float) -> Floats:
    """Return great-circle kilometres from many places to one; NaN where a place is unknown."""
    a, b = np.radians(lat), np.radians(to_lat)
    half = np.sin((b - a) / 2) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def direction(lat: Floats | float, lon: Floats | float) -> Floats:
    """Return unit vectors [place, 3] from the middle of the earth; NaN where unknown."""
    a, b = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=-1)


def cosine_at(km: Floats) -> Floats:
    """Return the cosine of directions so far apart, right to ROUNDING; 2 for less than nothing."""
    return np.where(km < 0, 2.0, np.cos(np.clip(km / EARTH_KM, 0, np.pi)))


def km_between(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Return great-circle kilometres between two known places."""
    a, b = math.radians(lat), math.radians(to_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


def minutes_for(km: float, kmh: float) -> int:
    """Return whole travel minutes; an unknown distance counts as next door."""
    if math.isnan(km):
        return SETTING_OUT_MINUTES
    return math.ceil(SETTING_OUT_MINUTES + 60 * ROAD_FACTOR * km / kmh)


def minutes_for_all(km: Floats, kmh: Floats) -> Ints:
    """Return `minutes_for` of whole arrays."""
    raw = SETTING_OUT_MINUTES + 60 * ROAD_FACTOR * km / kmh
    known: Bools = ~np.isnan(km)
    return np.where(known, np.ceil(np.where(known, raw, 0)), SETTING_OUT_MINUTES).astype(np.int64)
