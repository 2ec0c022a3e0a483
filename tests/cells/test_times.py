"""Times, windows and durations are read where they are exact and marked where they are rough."""

import pytest

from matching.cells.times import read_duration, read_time, read_time_range


@pytest.mark.parametrize(
    ("typed", "clock", "code"),
    [
        ("8:30", "08:30", ""),
        ("０８：３０", "08:30", ""),
        ("8:30:00", "08:30", ""),
        ("8時", "08:00", ""),
        ("八時半", "08:30", ""),
        ("8時5分", "08:05", ""),
        ("午前8時", "08:00", ""),
        ("午後8時15分", "20:15", ""),
        ("午後0時", "12:00", ""),
        ("午前0時", "00:00", ""),
        ("PM3:00", "15:00", ""),
        ("3:00pm", "15:00", ""),
        ("12:30 AM", "00:30", ""),
        ("正午", "12:00", ""),
        ("0:00", "00:00", ""),
        ("23:59", "23:59", ""),
        ("1330", "13:30", "time_without_colon"),
        ("9", "09:00", "time_without_colon"),
        ("9時頃", "09:00", "estimate"),
        ("約9:00", "09:00", "estimate"),
        ("0.375", "09:00", "excel_time_fraction"),
    ],
)
def test_a_time_of_day_is_read(typed: str, clock: str, code: str) -> None:
    assert read_time(typed) == (clock, code, True, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("24:00", "time_invalid"),
        ("9:60", "time_invalid"),
        ("9999", "time_invalid"),
        ("いつか", "time_invalid"),
        ("朝", "time_not_exact"),
        ("午前", "time_not_exact"),
        ("10時以降", "time_not_exact"),
        ("夕方", "time_not_exact"),
    ],
)
def test_a_time_that_is_not_exact_is_left_empty(typed: str, code: str) -> None:
    assert read_time(typed) == ("", code, False, ())


@pytest.mark.parametrize(
    ("typed", "start", "end", "code"),
    [
        ("9:00～10:30", "09:00", "10:30", ""),
        ("9:00〜10:30", "09:00", "10:30", ""),
        ("９：００−１０：３０", "09:00", "10:30", ""),
        ("9時から10時半まで", "09:00", "10:30", ""),
        ("午後1時～3時", "13:00", "15:00", ""),
        ("14-16", "14:00", "16:00", ""),
        ("10:00～", "10:00", "", ""),
        ("午前中", "09:00", "12:00", "estimate"),
        ("終日", "09:00", "17:00", "estimate"),
        ("9時頃～11時", "09:00", "11:00", "estimate"),
    ],
)
def test_a_window_is_read_into_its_two_ends(typed: str, start: str, end: str, code: str) -> None:
    cell = read_time_range(typed)
    assert (dict(cell.more), cell.code) == ({"time_from": start, "time_to": end}, code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("15:00～14:00", "range_reversed"),
        ("9:00～9:00", "range_reversed"),
        ("9:00", "range_invalid"),
        ("朝から", "time_not_exact"),
        ("朝～夕方", "range_invalid"),
        ("応相談", "range_invalid"),
    ],
)
def test_a_window_that_makes_no_sense_is_left_empty(typed: str, code: str) -> None:
    cell = read_time_range(typed)
    assert (cell.text, cell.more, cell.code, cell.read) == ("", (), code, False)


@pytest.mark.parametrize(
    ("typed", "minutes", "code"),
    [
        ("45", "45", ""),
        ("４５分", "45", ""),
        ("2時間", "120", ""),
        ("二時間半", "150", ""),
        ("1時間15分", "75", ""),
        ("1.5時間", "90", ""),
        ("約1時間", "60", ""),
        ("1:30", "90", ""),
        ("半日", "180", "estimate"),
        ("一日", "360", "estimate"),
        ("1～2時間", "120", "range_upper_used"),
        ("30〜45分", "45", "range_upper_used"),
        ("0.125", "180", "excel_time_fraction"),
        ("未定", "", ""),
    ],
)
def test_a_duration_is_read_in_minutes(typed: str, minutes: str, code: str) -> None:
    assert read_duration(typed) == (minutes, code, True, ())


@pytest.mark.parametrize("typed", ["0", "1441", "少し", "3泊4日", "-30"])
def test_a_duration_that_no_visit_can_have_is_left_empty(typed: str) -> None:
    assert read_duration(typed) == ("", "duration_invalid", False, ())
