"""Dates are read in every writing a centre meets, and never guessed."""

import pytest

from matching.cells.dates import read_date, read_moment


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-01-18", "2027-01-18"),
        ("2027/1/8", "2027-01-08"),
        ("2027.1.8.", "2027-01-08"),
        ("２０２７年１月１８日（月）", "2027-01-18"),
        ("2027年1月18日 月曜日", "2027-01-18"),
        ("20270118", "2027-01-18"),
        ("令和9年1月18日", "2027-01-18"),
        ("㋿９年１月１８日", "2027-01-18"),
        ("R9.1.18", "2027-01-18"),
        ("r9-1-18", "2027-01-18"),
        ("R090118", "2027-01-18"),
        ("令九・一・十八".replace("・", "."), "2027-01-18"),
        ("令和元年五月一日", "2019-05-01"),
        ("㍻三十一年四月三十日", "2019-04-30"),
        ("二〇二七年一月十八日", "2027-01-18"),
        ("平成元年1月8日", "1989-01-08"),
        ("S1.12.25", "1926-12-25"),
        ("大正15年12月25日", "1926-12-25"),
        ("明45/7/30", "1912-07-30"),
        ("2024/2/29", "2024-02-29"),
        ("2027-01-18 00:00:00", "2027-01-18"),
        ("2027-01-18T00:00:00.000", "2027-01-18"),
        ("　2027−1−18　", "2027-01-18"),
    ],
)
def test_a_date_is_read_without_remark(typed: str, day: str) -> None:
    cell = read_date(typed)
    assert (cell.text, cell.code, cell.read) == (day, "", True)


@pytest.mark.parametrize(
    ("typed", "day", "code"),
    [
        ("平成40年3月31日", "2028-03-31", "era_overrun"),
        ("S64.1.8", "1989-01-08", "era_overrun"),
        ("平成31年5月1日", "2019-05-01", "era_overrun"),
        ("令和元年4月30日", "2019-04-30", "era_overrun"),
        ("昭和元年12月24日", "1926-12-24", "era_overrun"),
        ("46405", "2027-01-18", "excel_serial_date"),
        ("46405.75", "2027-01-18", "excel_serial_date"),
        ("2027/1/18(火)", "2027-01-18", "weekday_mismatch"),
        ("2027/1/18 14:30", "2027-01-18", "time_not_used"),
    ],
)
def test_a_date_that_needs_a_second_look_is_read_and_marked(
    typed: str, day: str, code: str
) -> None:
    cell = read_date(typed)
    assert (cell.text, cell.code, cell.read) == (day, code, True)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2027/2/29", "date_invalid"),
        ("2027-13-01", "date_invalid"),
        ("令和0年1月1日", "date_invalid"),
        ("不詳", "date_invalid"),
        ("来週の火曜", "date_invalid"),
        ("19999", "date_invalid"),
        ("80001", "date_invalid"),
        ("1867-12-31", "date_invalid"),
        ("2200-01-01", "date_invalid"),
        ("0000-00-00", "date_invalid"),
        ("1/18", "year_missing"),
        ("１月１８日", "year_missing"),
        ("27/1/18", "date_ambiguous"),
        ("1/18/2027", "date_ambiguous"),
        ("270118", "date_ambiguous"),
        ("令和9年1月", "date_incomplete"),
        ("2027年", "date_incomplete"),
        ("2027/1", "date_incomplete"),
        ("H15.6", "date_incomplete"),
    ],
)
def test_a_date_that_cannot_be_known_is_left_empty_with_its_reason(typed: str, code: str) -> None:
    cell = read_date(typed)
    assert (cell.text, cell.code, cell.read) == ("", code, False)


@pytest.mark.parametrize("typed", ["", " ", "　", "-", "－", "ー", "0", "００", "なし", "未定"])
def test_words_for_nothing_are_an_empty_date_without_a_problem(typed: str) -> None:
    assert read_date(typed) == ("", "", True, ())


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2027-01-18", "2027-01-18"),
        ("2027/01/18 9:05", "2027-01-18 09:05"),
        ("令和9年1月18日 14:30", "2027-01-18 14:30"),
        ("2027-01-18T14:30:59", "2027-01-18 14:30"),
        ("2027/1/18(月) 8:00", "2027-01-18 08:00"),
        ("2027-01-18 00:00", "2027-01-18"),
    ],
)
def test_a_moment_keeps_its_time_of_day(typed: str, moment: str) -> None:
    assert read_moment(typed).text == moment


def test_a_moment_with_an_impossible_time_is_not_read() -> None:
    assert read_moment("2027-01-18 25:00") == ("", "time_invalid", False, ())
