"""Places in drawings: tiles never overlap, lines leave gaps, bars stay within their day."""

from __future__ import annotations

from itertools import combinations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from matching.places.reference import AREAS
from matching.web.drawing import LEVELS, TILES, bars, level, line, ticks, tiles


def test_every_area_has_its_own_place(app: Flask) -> None:
    assert set(TILES) == {area.code for area in AREAS}
    with app.test_request_context():
        made = tiles({"hanaizumi": 3}, {})
    for one, other in combinations(made, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or apart, (one.name, other.name)
    assert [tile.level for tile in made if tile.name == "花泉"] == [LEVELS]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_is_never_drawn_lighter(count: int, most: int) -> None:
    most = max(count, most)
    assert 0 <= level(count, most) <= LEVELS
    assert level(count, most) >= level(max(count - 1, 0), most)
    assert (level(count, most) == 0) == (count == 0)


def test_a_value_that_is_not_told_leaves_a_gap() -> None:
    drawn = line([0, None, 10, 5], 10, 300, 100)
    assert drawn.path == "M0.0 100.0M200.0 0.0L300.0 50.0"
    assert drawn.end == (300.0, 50.0)


@pytest.mark.parametrize("values", [[], [None, None], [0, 0]])
def test_a_line_of_nothing_is_drawn(values: list[int | None]) -> None:
    assert line(values, 0, 300, 100).end[1] == 100.0


@given(st.integers(1, 1_000_000))
def test_a_scale_is_round_and_reaches_the_most(most: int) -> None:
    marks = ticks(most)
    assert marks[0] == 0
    assert marks[-1] >= most
    assert 2 <= len(marks) <= 6
    assert str(marks[1]).strip("0") in {"1", "2", "4", "5"}


def test_bars_stay_within_the_day_that_is_drawn() -> None:
    drawn = bars([(300, 480, "early"), (600, 660, "noon"), (1300, 1400, "late")], 420, 1200)
    assert [(each["x"], each["width"], each["of"]) for each in drawn] == [
        (0, 60, "early"),
        (180, 60, "noon"),
    ]
