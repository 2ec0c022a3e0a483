"""Codes are found by code, label or other spelling, and labels with a dot stay whole."""

import pytest

from matching.catalogue.reference import CATEGORIES, SKILLS
from matching.cells.choices import read_category, read_choice, read_codes
from matching.cells.codes import LABELS, label


@pytest.mark.parametrize(
    ("table", "typed", "code"),
    [
        ("gender", "女性", "F"),
        ("gender", "ｍ", "M"),
        ("gender", "回答しない", "X"),
        ("contact_method", "ライン", "line"),
        ("transport", "軽トラ", "light_truck"),
        ("transport", "車（軽）", "car"),
        ("urgency", "大至急！", "emergency"),
        ("urgency", "Ｂ", "normal"),
        ("recurrence", "週に１回", "weekly"),
        ("yes_no", "○", "1"),
        ("yes_no", "×", "0"),
        ("member_status", "退会済", "withdrawn"),
        ("need_status", "キャンセル", "cancelled"),
        ("household", "一人暮らし", "alone_65"),
        ("requester_relation", "長男", "child"),
        ("response", "OK", "accepted"),
    ],
)
def test_a_choice_is_known_by_its_words(table: str, typed: str, code: str) -> None:
    assert read_choice(table, typed) == (code, "", True, ())


def test_unknown_words_are_no_choice_and_no_guess() -> None:
    assert read_choice("gender", "ひみつ") == ("", "choice_unknown", False, ())
    assert read_choice("gender", "") == ("", "", True, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("雪かき", "snow_removal"),
        ("ごみ出し", "garbage"),
        ("草取り等", "grass_cutting"),
        ("話し相手など", "talk"),
        ("通院・外出の送迎", "transport"),
        ("屋根の雪下ろし", "snow_roof"),
        ("泥出し・土砂撤去", "disaster_cleanup"),
        ("transport", "transport"),
    ],
)
def test_an_activity_is_known_by_label_and_habit(typed: str, code: str) -> None:
    assert read_category(typed) == (code, "", True, ())


def test_an_unknown_activity_becomes_other_and_is_marked() -> None:
    assert read_category("手品") == ("other", "category_unknown", True, ())


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("雪かき・草刈り", "snow_removal;grass_cutting"),
        ("掃除・片付け・雪かき", "cleaning;snow_removal"),
        ("読み聞かせ・朗読・点訳、見守り", "reading;watch"),
        ("雪かき，草刈り；雪かき／買い物\n見守り", "snow_removal;grass_cutting;shopping;watch"),
        ("雪かき 草刈り", "snow_removal;grass_cutting"),
        ("通訳（ベトナム語、英語）", "interpretation"),
        ("watch;talk", "watch;talk"),
        ("特になし", ""),
        ("", ""),
    ],
)
def test_a_list_is_split_around_whole_labels(typed: str, codes: str) -> None:
    assert read_codes("category", typed) == (codes, "", True, ())


def test_what_a_list_names_beyond_the_codes_is_marked_and_the_rest_kept() -> None:
    assert read_codes("skill", "普通免許、溶接") == ("driving", "codes_unknown", True, ())
    assert read_codes("skill", "溶接") == ("", "codes_unknown", False, ())


@pytest.mark.parametrize("table", [name for name in LABELS if name != "category"])
def test_every_label_reads_back_as_its_code(table: str) -> None:
    for code in LABELS[table]:
        assert read_choice(table, label(table, code)).text == code


def test_every_category_and_skill_of_the_catalogue_reads_back() -> None:
    for category in CATEGORIES:
        assert read_codes("category", label("category", category.code)).text == category.code
    joined = "、".join(label("skill", skill.code) for skill in SKILLS)
    assert read_codes("skill", joined).text == ";".join(skill.code for skill in SKILLS)


def test_a_list_of_ten_thousand_unknown_words_is_read_in_a_moment() -> None:
    assert read_codes("skill", "・".join(f"特技{n}" for n in range(10_000))).read is False
