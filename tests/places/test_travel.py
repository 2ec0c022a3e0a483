"""Distances and travel minutes follow the stated formula."""

from datetime import date

import pytest

from matching.places.reference import AREA_BY_CODE
from matching.places.travel import distance_km, is_winter, travel_minutes

SUMMER = date(2026, 7, 1)
WINTER = date(2027, 1, 18)


def _offices(one: str, other: str) -> float:
    a, b = AREA_BY_CODE[one], AREA_BY_CODE[other]
    return distance_km(a.lat, a.lon, b.lat, b.lon)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [("ichinoseki", "hanaizumi", 13), ("ichinoseki", "murone", 28), ("senmaya", "kawasaki", 6)],
)
def test_offices_lie_as_far_apart_as_on_the_map(one: str, other: str, km: int) -> None:
    assert round(_offices(one, other)) == km


def test_a_quarter_of_the_globe_is_a_quarter_of_its_girth() -> None:
    assert distance_km(0, 0, 0, 90) == pytest.approx(6371.0 * 3.141592653589793 / 2)
    assert distance_km(38.9, 141.1, 38.9, 141.1) == 0
    assert distance_km(0, 0, 0, 180) == pytest.approx(6371.0 * 3.141592653589793)


@pytest.mark.parametrize(
    ("transport", "on", "minutes"),
    [
        ("car", SUMMER, 29),  # 5 + 60 x 1.35 x 10 / 35 = 28.1
        ("light_truck", SUMMER, 29),
        ("car", WINTER, 38),  # 5 + 60 x 1.35 x 10 / 25 = 37.4
        ("bus", WINTER, 46),
        ("bicycle", SUMMER, 73),
        ("walk", SUMMER, 208),
        ("", SUMMER, 208),
    ],
)
def test_ten_kilometres_take_as_long_as_the_way_of_travelling_says(
    transport: str, on: date, minutes: int
) -> None:
    assert travel_minutes(10, transport, on) == minutes


def test_even_the_house_next_door_costs_five_minutes() -> None:
    assert travel_minutes(0, "car", SUMMER) == 5


def test_winter_lasts_from_december_to_march() -> None:
    assert [m for m in range(1, 13) if is_winter(date(2026, m, 1))] == [1, 2, 3, 12]
