"""Numbers come with units, ranges and rough words."""

import pytest

from matching.cells.numbers import decimal_reader, integer_reader

heads = integer_reader(1, 200)
kilometres = decimal_reader(0, 1000)


@pytest.mark.parametrize(
    ("typed", "number", "code"),
    [
        ("4", "4", ""),
        ("４名", "4", ""),
        ("四人", "4", ""),
        ("二十三名", "23", ""),
        ("百二十", "120", ""),
        ("4.0", "4", ""),
        ("1～4名", "4", "range_upper_used"),
        ("1人-4人", "4", "range_upper_used"),
        ("約40", "40", "estimate"),
        ("40名程度", "40", "estimate"),
        ("4名以上", "4", "estimate"),
        ("", "", ""),
        ("なし", "", ""),
    ],
)
def test_a_count_is_read(typed: str, number: str, code: str) -> None:
    assert heads(typed) == (number, code, True, ())


@pytest.mark.parametrize("typed", ["若干名", "多数", "4.5", "1e3", "四、五人", "4人と犬", "+-4"])
def test_words_that_are_no_count_are_left_unread(typed: str) -> None:
    assert heads(typed) == ("", "number_invalid", False, ())


@pytest.mark.parametrize(("typed", "number"), [("0", "0"), ("201", "201"), ("9,999人", "9999")])
def test_a_count_out_of_its_bounds_is_shown_and_not_used(typed: str, number: str) -> None:
    assert heads(typed) == (number, "number_out_of_range", False, ())


@pytest.mark.parametrize(
    ("typed", "number"), [("8.0", "8"), ("７．５キロ", "7.5"), ("10km", "10"), ("0.25", "0.25")]
)
def test_a_distance_keeps_its_fraction_in_its_shortest_form(typed: str, number: str) -> None:
    assert kilometres(typed) == (number, "", True, ())


def test_a_very_long_run_of_digits_is_out_of_range_and_no_crash() -> None:
    assert heads("9" * 5000).code == "number_out_of_range"
