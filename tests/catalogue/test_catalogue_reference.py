"""The code tables hold together: unique codes, labels, references between tables."""

import re
from datetime import date

import pytest

from matching.catalogue import categories, skills
from matching.catalogue.reference import (
    CATEGORIES,
    CATEGORY_BY_CODE,
    CODE_TABLES,
    REFERRAL_BY_CODE,
    REFERRAL_DESKS,
    SHEET_CATEGORIES,
    SKILL_BY_CODE,
    SKILLS,
    URGENCIES,
    URGENCY_WEIGHTS,
    Category,
    Minors,
    Risk,
    category_of,
    labels,
    skill_of,
)

CODE = re.compile(r"[a-z][a-z0-9_]*|[A-Z]")
KANJI = re.compile(r"[一-龠]")
SHEET_CODES = (
    "snow_removal grass_cutting shopping transport garbage cleaning small_repair watch talk meal "
    "childcare study sign_language interpretation smartphone paperwork salon children_cafeteria "
    "reading pet_care disaster_cleanup environment other"
)
SHEET_SKILLS = (
    "driving light_truck snow_blower brush_cutter chainsaw carpentry electrical plumbing hauling "
    "nursing care_worker dementia_supporter first_aid childcare_worker teacher sign_language "
    "summary_writing braille reading_aloud english chinese vietnamese tagalog computer smartphone "
    "cooking listening music haircut gardening"
)
TABLES = {
    **{name: [(c.code, c.label, c.english) for c in table] for name, table in CODE_TABLES.items()},
    "category": [(c.code, c.label, c.english) for c in CATEGORIES],
    "skill": [(s.code, s.label, s.english) for s in SKILLS],
    "referral": [(d.code, d.label, d.english) for d in REFERRAL_DESKS],
    "urgency": [(u.code, u.label, u.english) for u in URGENCIES],
}


@pytest.mark.parametrize("name", TABLES)
def test_codes_and_labels_of_a_table_are_unique_and_complete(name: str) -> None:
    codes, words, english = zip(*TABLES[name], strict=True)
    assert len(set(codes)) == len(set(words)) == len(codes)
    assert all(CODE.fullmatch(code) for code in codes)
    assert all(word.strip() for word in words + english)


def test_the_sheet_categories_come_first_and_in_order() -> None:
    assert " ".join(category.code for category in SHEET_CATEGORIES) == SHEET_CODES
    assert CATEGORIES[: len(SHEET_CATEGORIES)] == SHEET_CATEGORIES


def test_the_sheet_skills_come_first_and_in_order() -> None:
    assert " ".join(skill.code for skill in SKILLS[:30]) == SHEET_SKILLS


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.code)
def test_a_category_can_be_shown_planned_and_referred(category: Category) -> None:
    assert category.referral in REFERRAL_BY_CODE
    assert category.sheet_code in SHEET_CODES.split()
    assert {hint.code for hint in category.skills} <= set(SKILL_BY_CODE)
    assert all(0 < hint.share <= 1 for hint in category.skills)
    assert len(category.months) == 12
    assert sum(category.months) > 0
    assert category.place in {"in", "out", "both", "home"}
    assert category.minutes >= 15
    assert category.min_persons >= 1
    assert category.icon
    assert category.description.endswith("。")
    assert not KANJI.search(category.easy), "easy Japanese has no kanji"


def test_what_volunteers_never_do_is_refused_explained_and_closed_to_minors() -> None:
    refused = [category for category in CATEGORIES if not category.accepted]
    assert len(refused) == 11
    assert CATEGORY_BY_CODE["snow_roof"].referral == "contractor"
    assert CATEGORY_BY_CODE["money_management"].referral == "daily_living_self_reliance"
    assert all(category.risk is Risk.REFUSED for category in refused)
    assert all(category.minors is Minors.NOBODY for category in refused)
    assert all(category.sheet_code == "other" for category in refused)


def test_nobody_under_age_goes_one_to_one() -> None:
    one_to_one = [category for category in CATEGORIES if category.risk is Risk.ONE_TO_ONE]
    assert one_to_one
    assert all(category.minors is Minors.NOBODY for category in one_to_one)


def test_snow_is_asked_for_in_winter_by_two_and_grass_in_summer() -> None:
    snow = category_of("snow_removal")
    assert snow.min_persons == 2
    assert [month for month, weight in enumerate(snow.months, 1) if weight] == [1, 2, 3, 11, 12]
    assert category_of("grass_cutting").months[0] == 0


def test_a_category_is_offered_within_its_validity_only() -> None:
    snow = category_of("snow_removal")
    assert snow.is_valid(date(2026, 11, 23))
    assert not snow.is_valid(date(2021, 3, 31))


def test_minors_rules_name_the_youngest_age() -> None:
    assert [rule.minimum_age for rule in Minors] == [18, 15, 12, 6]


def test_other_names_lead_to_a_code_of_the_catalogue_and_are_no_codes_themselves() -> None:
    for same_as, codes in (
        (categories.SAME_AS, set(CATEGORY_BY_CODE)),
        (skills.SAME_AS, set(SKILL_BY_CODE)),
    ):
        assert set(same_as.values()) <= codes
        assert not set(same_as) & codes
    assert category_of("snow_clearing").code == "snow_removal"
    assert skill_of("kei_truck").label == "軽トラック"
    with pytest.raises(KeyError):
        category_of("flying")
    with pytest.raises(KeyError):
        skill_of("flying")


def test_certificates_that_count_must_have_been_seen() -> None:
    assert SKILL_BY_CODE["driving"].verify
    assert SKILL_BY_CODE["first_aid"].valid_years == 3
    assert not SKILL_BY_CODE["listening"].verify
    assert all(skill.verify for skill in SKILLS if skill.kind == "medical")


def test_urgency_weights_double_from_step_to_step() -> None:
    assert URGENCY_WEIGHTS == {"emergency": 8, "high": 4, "normal": 2, "low": 1}


def test_labels_are_found_by_the_field_they_belong_to() -> None:
    assert labels("transport")["light_truck"] == "軽トラック"
    assert list(labels("response")) == ["accepted", "declined", "no_answer"]
