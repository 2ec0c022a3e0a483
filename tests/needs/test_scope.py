"""What volunteers may not do is heard in words, and said with the right desk."""

from datetime import date

import pytest

from matching.catalogue.reference import CATEGORIES
from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.needs.choices import Choice, window_of
from matching.needs.scope import HEARD, notes_on, sounds_worrying, sums_in
from matching.needs.scope_words import REFUSALS


@pytest.mark.parametrize(
    ("category", "said", "rule", "desk"),
    [
        ("snow_removal", "屋根の雪も下ろしてほしい", "BR-07", "contractor"),
        ("talk", "薬の管理もお願いしたい", "BR-07", "home_nursing"),
        ("shopping", "通帳を預けるので、お金をおろしてきて", "BR-07", "daily_living_self_reliance"),
        ("transport", "病院まで片道５００円で乗せてほしい", "BR-22", "paid_mutual_aid"),
        ("hospital_escort", "料金はいくらですか", "BR-22", "paid_mutual_aid"),
        (
            "shopping",
            "テレビを買ってほしい。３万円",
            "BR-23",
            "daily_living_self_reliance",
        ),
    ],
)
def test_br07_br22_br23_name_the_desk_at_once(
    category: str, said: str, rule: str, desk: str
) -> None:
    assert (rule, desk) in [(note.rule, note.desk_code) for note in notes_on(category, said)]


@pytest.mark.parametrize(
    ("category", "said"),
    [
        ("shopping", "牛乳とパン。2,000円くらいです"),
        ("shopping", "10,000円まで"),
        ("transport", "病院まで乗せてほしい。ガソリン代は払います"),
        ("snow_removal", "玄関から道路まで"),
        ("talk", "お茶を飲みながら話したい"),
    ],
)
def test_what_volunteers_do_every_day_passes_without_a_word(category: str, said: str) -> None:
    assert notes_on(category, said) == []


def test_only_a_fare_and_much_cash_block_the_filing() -> None:
    assert [note.blocks for note in notes_on("transport", "運賃を払います")] == [True]
    assert [note.blocks for note in notes_on("snow_removal", "雪下ろしも")] == [False]


def test_every_kind_that_is_refused_has_its_sentence_and_every_desk_exists() -> None:
    assert {each.code for each in CATEGORIES if not each.accepted} <= REFUSALS.keys()
    assert set(HEARD) <= REFUSALS.keys()
    assert {desk for _words, desk in HEARD.values()} <= REFERRAL_BY_CODE.keys()


def test_sums_of_money_are_read_in_any_width() -> None:
    assert sums_in("２万円と3,000円、それに１０円") == [20_000, 3_000, 10]


def test_words_of_danger_are_only_a_hint_and_heard() -> None:
    assert sounds_worrying("息子にたたかれて、もう死にたいと言う")
    assert not sounds_worrying("腰が痛くて買い物に行けない")


MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 7)


def test_days_of_one_week_become_a_window_of_just_those_days() -> None:
    window = window_of([Choice(TUESDAY, 540, 720), Choice(MONDAY, 540, 720)])
    assert (window.start_on, window.end_on, window.weekdays) == (MONDAY, TUESDAY, (0, 1))
    assert (window.from_minute, window.to_minute) == (540, 720)


@pytest.mark.parametrize("second", [Choice(NEXT_MONDAY), Choice(TUESDAY, 780, 900)])
def test_days_further_apart_or_at_other_hours_leave_the_first_choice(second: Choice) -> None:
    window = window_of([Choice(MONDAY), second])
    assert (window.start_on, window.end_on, window.weekdays) == (MONDAY, None, ())
