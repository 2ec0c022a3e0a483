"""The working calendar knows holidays, fiscal years, eras, opening and quiet hours."""

from datetime import UTC, date, datetime, time

import pytest

from matching.kernel.clock import TOKYO
from matching.places.calendar import (
    add_business_days,
    business_day_on_or_after,
    end_of_fiscal_year,
    end_of_quiet,
    era_of,
    fiscal_year_of,
    format_date,
    format_fiscal_year,
    format_short_date,
    format_time,
    format_wareki,
    holiday_name,
    is_business_day,
    is_open,
    is_quiet,
    parse_date,
    start_of_fiscal_year,
    weekday_code,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def test_a_fiscal_year_runs_from_april_to_march() -> None:
    assert fiscal_year_of(date(2027, 3, 31)) == 2026
    assert fiscal_year_of(date(2027, 4, 1)) == 2027
    assert start_of_fiscal_year(2026) == date(2026, 4, 1)
    assert end_of_fiscal_year(2026) == date(2027, 3, 31)


def test_a_fiscal_year_is_written_in_both_counts() -> None:
    assert format_fiscal_year(2026) == "2026年度（令和8年度）"
    assert format_fiscal_year(2019) == "2019年度（令和元年度・平成31年度）"


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2026, 11, 23), "令和8年11月23日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1868, 1, 25), "明治元年1月25日"),
    ],
)
def test_days_are_written_in_their_era_and_read_back(on: date, text: str) -> None:
    assert format_wareki(on) == text
    assert parse_date(text) == on


def test_a_day_before_the_first_era_is_refused() -> None:
    with pytest.raises(ValueError, match="first supported era"):
        era_of(date(1868, 1, 24))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026/11/23",
        "20261123",
        "２０２６年１１月２３日",
        "2026年11月23日（月）",
        "R8.11.23",
        "Ｒ８．１１．２３",
        "令和 8年 11月 23日",
        "平成38年11月23日",
    ],
)
def test_a_typed_day_is_read_in_every_usual_spelling(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["", "8/11/23", "来週", "2026-13-01", "令和8年2月30日"])
def test_a_day_that_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write it like"):
        parse_date(text)


def test_days_and_times_are_written_as_residents_read_them() -> None:
    assert format_date(date(2026, 11, 23)) == "2026年11月23日（月）"
    assert format_short_date(date(2026, 11, 29)) == "11月29日（日）"
    assert [format_time(time(h, m)) for h, m in ((9, 30), (14, 0), (12, 5), (0, 0))] == [
        "午前9時30分",
        "午後2時",
        "午後0時5分",
        "午前0時",
    ]
    assert weekday_code(date(2026, 11, 23)) == "Mon"


def test_the_centre_rests_on_weekends_holidays_and_over_new_year() -> None:
    assert not is_business_day(date(2026, 11, 22))
    assert holiday_name(date(2026, 11, 23)) == "勤労感謝の日"
    assert not is_business_day(date(2026, 11, 23))
    assert is_business_day(date(2026, 11, 24))
    assert is_business_day(date(2026, 12, 28))
    assert not any(is_business_day(date(2026, 12, day)) for day in (29, 30, 31))
    assert business_day_on_or_after(date(2026, 12, 29)) == date(2027, 1, 4)


def test_deadlines_count_business_days_only() -> None:
    assert add_business_days(date(2026, 11, 20), 2) == date(2026, 11, 25)
    assert add_business_days(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert add_business_days(date(2026, 11, 24), 0) == date(2026, 11, 24)
    with pytest.raises(ValueError, match="forwards"):
        add_business_days(date(2026, 11, 24), -1)


def test_the_counter_opens_at_half_past_eight_and_closes_at_a_quarter_past_five() -> None:
    assert [is_open(at(24, h, m)) for h, m in ((8, 29), (8, 30), (17, 14), (17, 15))] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_open(at(23, 10))


def test_opening_hours_are_those_of_japan_whatever_the_zone_of_the_instant() -> None:
    assert is_open(datetime(2026, 11, 24, 0, 0, tzinfo=UTC))
    assert not is_open(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


def test_nothing_is_sent_between_eight_in_the_evening_and_eight_in_the_morning() -> None:
    assert [is_quiet(at(24, h, m)) for h, m in ((7, 59), (8, 0), (19, 59), (20, 0))] == [
        True,
        False,
        False,
        True,
    ]
    assert end_of_quiet(at(24, 21)) == at(25, 8)
    assert end_of_quiet(at(24, 3)) == at(24, 8)
    assert end_of_quiet(at(24, 12)) == at(24, 12)
