"""When snow may be cleared: season and daylight, against the sun over the town (BR-21)."""

from datetime import date, timedelta
from math import acos, asin, cos, degrees, pi, radians, sin, tan

import pytest

from matching.needs import snow

NORTH, EAST = 38.93, 141.13


def sun(on: date) -> tuple[float, float]:
    """Minutes past midnight of sunrise and sunset in the town, by the usual approximation."""
    turn = 2 * pi * (on.timetuple().tm_yday - 1) / 365
    late = 229.18 * (
        0.000075 + 0.001868 * cos(turn) - 0.032077 * sin(turn)
        - 0.014615 * cos(2 * turn) - 0.040849 * sin(2 * turn)
    )  # fmt: skip
    tilt = asin(sin(radians(-23.44)) * cos(turn + 2 * pi * 10 / 365))
    half = degrees(acos(cos(radians(90.833)) / (cos(radians(NORTH)) * cos(tilt))
                        - tan(radians(NORTH)) * tan(tilt)))  # fmt: skip
    noon = 720 - 4 * (EAST - 135) - late
    return noon - 4 * half, noon + 4 * half


def test_all_hours_of_the_season_are_light() -> None:
    day, count = date(2026, 12, 1), 0
    while snow.in_season(day):
        rises, sets = sun(day)
        opens, closes = snow.DAYLIGHT[day.month]
        assert rises <= opens < closes <= sets, day
        day, count = day + timedelta(days=1), count + 1
    assert (day, count) == (date(2027, 4, 1), 121)
    assert not snow.in_season(date(2026, 11, 30))


@pytest.mark.parametrize(("on", "starts", "ends", "said"), [
    (date(2026, 11, 30), 540, 600, snow.OUT_OF_SEASON),
    (date(2026, 12, 1), 540, 600, None),
    (date(2026, 12, 1), 900, 960, None),
    (date(2026, 12, 1), 901, 961, snow.DARK),
    (date(2027, 1, 10), 419, 479, snow.DARK),
    (date(2027, 3, 31), 975, 1035, None),
    (date(2027, 4, 1), 540, 600, snow.OUT_OF_SEASON),
])  # fmt: skip
def test_a_visit_for_snow_is_refused_with_its_reason(
    on: date, starts: int, ends: int, said: str | None
) -> None:
    found = snow.refusal("snow_removal", on, starts, ends)
    assert (found.template if found else None) == said
    assert snow.refusal("shopping", on, starts, ends) is None


def test_wishes_are_narrowed_to_what_is_light_in_every_month_they_touch() -> None:
    found = snow.hours(date(2026, 11, 29), date(2026, 12, 2), 360, 1140)
    assert found == ({date(2026, 11, 29), date(2026, 11, 30)}, 420, 960)
    assert snow.hours(date(2027, 2, 27), date(2027, 3, 1), 360, 1140) == (frozenset(), 405, 1005)
    assert snow.hours(date(2027, 3, 1), date(2027, 3, 1), 480, 720) == (frozenset(), 480, 720)
    assert snow.hours(date(2027, 4, 1), date(2027, 4, 1), 360, 1140)[1:] == (360, 1140)
    assert snow.hours(date(2027, 3, 31), date(2027, 3, 31), 480, 720).off == frozenset()


@pytest.mark.parametrize(("category", "first", "last", "opens", "minutes", "said"), [
    ("shopping", date(2026, 7, 1), date(2026, 7, 1), 540, 60, None),
    ("snow_removal", date(2026, 11, 1), date(2026, 11, 30), 540, 60, snow.OUT_OF_SEASON),
    ("snow_removal", date(2026, 11, 1), date(2026, 12, 1), 540, 60, None),
    ("snow_removal", date(2026, 12, 1), date(2026, 12, 1), 900, 60, None),
    ("snow_removal", date(2026, 12, 1), date(2026, 12, 1), 901, 60, snow.DARK),
    ("snow_removal", date(2027, 1, 31), date(2027, 2, 1), 930, 60, None),
    ("snow_removal", date(2027, 1, 31), date(2027, 2, 1), 960, 60, snow.DARK),
    ("snow_removal", date(2026, 4, 1), date(2027, 4, 1), 540, 60, None),
    ("snow_removal", date(2026, 4, 1), date(2026, 11, 30), 540, 60, snow.OUT_OF_SEASON),
    ("snow_removal", date(2026, 12, 1), date(2026, 12, 1), 0, 60, None),
])  # fmt: skip
def test_a_need_is_hindered_where_no_day_of_it_is_light_long_enough(
    category: str, first: date, last: date, opens: int, minutes: int, said: str | None
) -> None:
    found = snow.hindrance(category, first, last, opens, minutes)
    assert (found.template if found else None) == said


def test_the_sentence_names_the_hours_of_the_month() -> None:
    for month, opens, closes in ((12, "7:00", "16:00"), (2, "6:45", "16:45"), (3, "6:15", "17:15")):
        found = snow.refusal("snow_removal", date(2027, month, 5), 300, 360)
        assert found is not None
        assert found.values == {"month": month, "opens": opens, "closes": closes}
    assert snow.DAYLIGHT[1] == (420, 960)
