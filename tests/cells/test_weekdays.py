"""Weekly hours in words: read in full or not at all, and always the narrower reading."""

import pytest

from matching.cells.weekdays import read_availability, read_weekdays

ALL_DAY = "09:00-17:00"


def every(days: str, window: str) -> str:
    return ";".join(f"{day} {window}" for day in days.split())


@pytest.mark.parametrize(
    ("typed", "slots"),
    [
        ("月曜日の午前", "Mon 09:00-12:00"),
        ("月午前水午後", "Mon 09:00-12:00;Wed 13:00-17:00"),
        ("月・水・金 10時～12時", every("Mon Wed Fri", "10:00-12:00")),
        ("月～金　午後", every("Mon Tue Wed Thu Fri", "13:00-17:00")),
        ("金～月", every("Mon Fri Sat Sun", ALL_DAY)),
        ("月、水午後", every("Mon Wed", "13:00-17:00")),
        ("土日のみ可", every("Sat Sun", ALL_DAY)),
        ("週末", every("Sat Sun", ALL_DAY)),
        ("毎日早朝", every("Mon Tue Wed Thu Fri Sat Sun", "06:30-08:30")),
        ("土日中", "Sat 09:00-17:00"),
        ("日日中、月夜間", "Mon 18:00-20:00;Sun 09:00-17:00"),
        ("火曜・木曜以外の午前", every("Mon Wed Fri Sat Sun", "09:00-12:00")),
        ("水曜を除く平日", every("Mon Tue Thu Fri", ALL_DAY)),
        ("火 午前・午後", "Tue 09:00-12:00;Tue 13:00-17:00"),
        ("火 9:00-12:00、火 11:00-15:00", "Tue 09:00-15:00"),
        ("Wed 10:00-11:00;Mon 09:00-12:00", "Mon 09:00-12:00;Wed 10:00-11:00"),
        ("", ""),
    ],
)
def test_weekly_hours_are_read(typed: str, slots: str) -> None:
    assert read_availability(typed) == (slots, "", True, ())


@pytest.mark.parametrize("typed", ["土日祝", "土・日・祝日", "休日"])
def test_holidays_are_read_as_their_weekdays_and_marked(typed: str) -> None:
    assert read_availability(typed) == (every("Sat Sun", ALL_DAY), "holidays_not_kept", True, ())


@pytest.mark.parametrize(
    "typed",
    [
        "夕方",
        "放課後",
        "応相談",
        "第2土曜",
        "午前",
        "仕事が休みの日",
        "月 25:00-26:00",
        "月 17:00-9:00",
        "Mon 12:00-09:00",
        "祝日",
        "なし",
        "以外",
    ],
)
def test_words_that_do_not_tell_the_hours_are_never_taken_as_always(typed: str) -> None:
    assert read_availability(typed) == ("", "availability_not_read", False, ())


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("月・木", "Mon;Thu"),
        ("木、月", "Mon;Thu"),
        ("Thu;Mon", "Mon;Thu"),
        ("平日", "Mon;Tue;Wed;Thu;Fri"),
        ("火曜日", "Tue"),
        ("月～水", "Mon;Tue;Wed"),
        ("日曜以外", "Mon;Tue;Wed;Thu;Fri;Sat"),
        ("いつでも", ""),
        ("不問", ""),
    ],
)
def test_weekdays_are_read_in_week_order(typed: str, days: str) -> None:
    assert read_weekdays(typed) == (days, "", True, ())


@pytest.mark.parametrize("typed", ["第2火曜", "月午前", "祝日", "来週"])
def test_weekdays_that_say_more_or_less_are_left_unread(typed: str) -> None:
    assert read_weekdays(typed) == ("", "weekday_invalid", False, ())
