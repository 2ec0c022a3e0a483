"""Who may speak for whom, and how old somebody is in law."""

from datetime import date, timedelta

import pytest

from matching.people import rules
from matching.people.rules import (
    AUTHORITIES,
    Speaker,
    age_band,
    age_on,
    fiscal_year_end,
    is_minor,
    may_consent,
    minors_until,
)

TODAY = date(2026, 11, 23)
ADULT, CHILD = date(1950, 1, 1), date(2012, 1, 1)
SEEN = {"document_seen_on": date(2026, 11, 1)}

#                       no document  document  in scope  supervised  (of an adult)
ORACLE = {
    "self": (True, True, True, True),
    "family_assist": (False, False, False, False),
    "statutory_guardian": (False, True, True, True),
    "curator": (False, False, True, True),
    "assistant": (False, False, True, True),
    "voluntary_guardian": (False, False, False, True),
    "parental_authority": (False, False, False, False),
    "commissioner_contact": (False, False, False, False),
    "agency_contact": (False, False, False, False),
}


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_who_may_agree_for_an_adult(authority: str) -> None:
    """BR-04."""
    scope = SEEN | {"purposes": ("coordination_use",)}
    supervised = scope | {"supervised_since": date(2026, 10, 1)}
    found = tuple(
        may_consent(Speaker(authority, **settings), "coordination_use", ADULT, TODAY)  # type: ignore[arg-type]
        for settings in ({}, SEEN, scope, supervised)
    )
    assert found == ORACLE[authority]


def test_a_scope_covers_only_what_it_names() -> None:
    curator = Speaker("curator", purposes=("coordination_use",), **SEEN)  # type: ignore[arg-type]
    assert not may_consent(curator, "photo_publication", ADULT, TODAY)


def test_a_parent_agrees_for_a_child_until_it_is_of_age() -> None:
    parent = Speaker("parental_authority")
    assert may_consent(parent, "coordination_use", CHILD, TODAY)
    assert not may_consent(parent, "coordination_use", ADULT, TODAY)
    assert not may_consent(parent, "coordination_use", None, TODAY)


@pytest.mark.parametrize(("days", "valid"), [(-1, False), (0, True), (30, True), (31, False)])
def test_an_authority_counts_within_its_term_only(days: int, valid: bool) -> None:
    guardian = Speaker(
        "statutory_guardian",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=30),
        **SEEN,  # type: ignore[arg-type]
    )
    assert may_consent(guardian, "coordination_use", ADULT, TODAY + timedelta(days=days)) is valid


def test_supervision_that_begins_later_does_not_count_yet() -> None:
    speaker = Speaker(
        "voluntary_guardian",
        purposes=("coordination_use",),
        supervised_since=TODAY + timedelta(days=1),
        **SEEN,  # type: ignore[arg-type]
    )
    assert not may_consent(speaker, "coordination_use", ADULT, TODAY)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 11, 25), date(2026, 11, 23), 17),
        (date(2008, 11, 24), date(2026, 11, 23), 18),
        (date(2008, 11, 23), date(2026, 11, 23), 18),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
        (date(2008, 2, 29), date(2024, 2, 28), 16),
        (date(2008, 4, 1), date(2026, 3, 31), 18),
        (date(2008, 4, 2), date(2026, 3, 31), 17),
        (date(2008, 1, 1), date(2025, 12, 31), 18),
    ],
)
def test_a_year_of_life_is_complete_on_the_day_before_the_birthday(
    born: date, on: date, age: int
) -> None:
    """T20."""
    assert age_on(born, on) == age
    assert is_minor(born, on) is (age < 18)


@pytest.mark.parametrize(("age", "band"), [(0, 0), (9, 0), (17, 10), (79, 70), (104, 90)])
def test_a_stranger_hears_the_decade_only(age: int, band: int) -> None:
    assert age_band(age) == band


@pytest.mark.parametrize(
    ("on", "end"),
    [
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_a_fiscal_year_ends_in_march(on: date, end: date) -> None:
    assert fiscal_year_end(on) == end


@pytest.mark.parametrize(
    ("first", "last", "hour"),
    [
        (date(2026, 10, 31), date(2026, 10, 31), 17),
        (date(2026, 11, 1), date(2026, 11, 1), 16),
        (date(2026, 12, 31), date(2026, 12, 31), 16),
        (date(2027, 1, 15), date(2027, 1, 15), 16),
        (date(2027, 2, 28), date(2027, 2, 28), 16),
        (date(2027, 3, 1), date(2027, 3, 1), 17),
        (date(2026, 10, 31), date(2026, 11, 1), 16),
        (date(2027, 2, 28), date(2027, 3, 20), 16),
        (date(2027, 3, 1), date(2027, 10, 31), 17),
        (date(2026, 10, 1), date(2027, 3, 31), 16),
        (date(2026, 9, 1), date(2027, 5, 1), 16),
        (date(2026, 10, 2), date(2027, 10, 1), 16),
        (date(2027, 3, 1), date(2027, 3, 29), 17),
    ],
)
def test_minors_are_home_earlier_when_any_month_between_is_winter(
    first: date, last: date, hour: int
) -> None:
    """BR-10."""
    assert minors_until(first, last) == hour * 60


def test_a_day_of_supervision_counts_and_coming_of_age_ends_a_parents_word() -> None:
    speaker = Speaker(
        "voluntary_guardian",
        purposes=("coordination_use",),
        supervised_since=TODAY,
        **SEEN,  # type: ignore[arg-type]
    )
    assert may_consent(speaker, "coordination_use", ADULT, TODAY)
    of_age = date(2008, 11, 24)  # eighteen in law on this very day
    assert not may_consent(Speaker("parental_authority"), "coordination_use", of_age, TODAY)


def test_codes_are_those_that_are_kept() -> None:
    assert rules.STAGES == ("L0", "L1", "L2", "L3")
    assert list(rules.HOLDS) == ["safeguarding", "deceased", "moved"]
    assert list(rules.REVEAL_STATES) == ["asked", "agreed", "refused"]
    assert list(rules.CONSENT_STATES) == ["requested", "given", "refused", "withdrawn", "expired"]
    assert list(rules.METHODS) == ["web", "paper", "oral", "register"]
    assert list(AUTHORITIES) == list(ORACLE)
    assert [age_band(age) for age in (10, 19, 20, 89, 90)] == [10, 10, 20, 80, 90]


def test_who_is_asked_for_a_look_says_yes_or_no_once() -> None:
    found = {state: set(after) for state, after in rules.REVEAL_TRANSITIONS.items()}
    assert found == {"asked": {"agreed", "refused"}, "agreed": set(), "refused": set()}
    assert set(rules.REVEAL_STATES) == set(found)
