"""Postal codes, addresses, districts and coordinates."""

import pytest

from matching.cells.places import (
    check_point,
    read_address,
    read_areas,
    read_degrees,
    read_district,
    read_postal_code,
)


@pytest.mark.parametrize(
    ("typed", "digits", "code"),
    [
        ("029-3101", "0293101", ""),
        ("〒０２９－３１０１", "0293101", ""),
        ("029ー3101", "0293101", ""),
        ("293101", "0293101", "postal_leading_zero_restored"),
        ("29-3101", "0293101", "postal_leading_zero_restored"),
        ("なし", "", ""),
    ],
)
def test_a_postal_code_has_seven_digits(typed: str, digits: str, code: str) -> None:
    assert read_postal_code(typed) == (digits, code, True, ())


@pytest.mark.parametrize("typed", ["029-310", "3101", "029-31011", "花泉", "10010.0"])
def test_any_other_number_is_no_postal_code(typed: str) -> None:
    assert read_postal_code(typed) == ("", "postal_invalid", False, ())


def test_an_address_gets_half_width_digits_and_keeps_its_other_glyphs() -> None:
    typed = "一関市花泉町　花泉字髙﨑９８９６－２　コーポＡ－１０１号\n２階"
    assert read_address(typed).text == "一関市花泉町 花泉字髙﨑9896-2 コーポＡ－101号 2階"


@pytest.mark.parametrize(
    ("typed", "district"),
    [
        ("花泉", "花泉"),
        ("花泉地域", "花泉"),
        ("一関市千厩町", "千厩"),
        ("一関市", "一関"),
        ("川崎村", "川崎"),
    ],
)
def test_a_district_is_known_by_its_short_name(typed: str, district: str) -> None:
    assert read_district(typed).text == district


def test_a_district_of_elsewhere_is_kept_as_typed() -> None:
    assert read_district("盛岡市").text == "盛岡市"


def test_several_areas_are_listed_once_each() -> None:
    assert read_areas("大東・東山、大東").text == "大東、東山"
    assert read_areas("一関市全域").text == "一関市全域"


@pytest.mark.parametrize(
    ("typed", "degrees", "code"),
    [
        ("38.93", "38.93", ""),
        ("３８．９３", "38.93", ""),
        ("-73.989", "-73.989", ""),
        ("38°55′48″", "38.93", "dms"),
        ("北緯38度55分48秒", "38.93", "dms"),
        ("N38°55'48\"", "38.93", "dms"),
        ("", "", ""),
    ],
)
def test_degrees_are_read(typed: str, degrees: str, code: str) -> None:
    assert read_degrees(typed) == (degrees, code, True, ())


@pytest.mark.parametrize("typed", ["不明", "38.9.3", "1e5", "NaN", "inf"])
def test_what_are_no_degrees_is_left_unread(typed: str) -> None:
    assert read_degrees(typed) == ("", "coordinate_invalid", False, ())


@pytest.mark.parametrize(
    ("lat", "lon", "point", "code"),
    [
        ("38.93", "141.13", ("38.93", "141.13"), ""),
        ("141.13", "38.93", ("38.93", "141.13"), "coordinates_swapped"),
        ("40.74", "-73.98", ("40.74", "-73.98"), "coordinates_outside_japan"),
        ("0", "0", ("", ""), "coordinates_zero"),
        ("38.93", "", ("", ""), "coordinates_incomplete"),
        ("", "141.13", ("", ""), "coordinates_incomplete"),
        ("91", "500", ("", ""), "coordinate_invalid"),
        ("", "", ("", ""), ""),
    ],
)
def test_a_point_is_judged_as_a_pair(lat: str, lon: str, point: tuple[str, str], code: str) -> None:
    assert check_point(lat, lon) == (*point, code)


@pytest.mark.parametrize("word", ["nan", "inf", "-Infinity", "sNaN"])
def test_what_is_no_finite_number_is_no_coordinate(word: str) -> None:
    assert check_point(word, "141.1") == ("", "", "coordinate_invalid")
    assert check_point("38.9", word) == ("", "", "coordinate_invalid")
