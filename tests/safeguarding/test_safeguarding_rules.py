"""Whom to turn to with a worry, and what may follow what; against tables by hand."""

from datetime import timedelta

from matching.safeguarding import rules


def test_a_concern_is_taken_up_before_it_is_closed() -> None:
    """BR-02."""
    assert {state: set(after) for state, after in rules.TRANSITIONS.items()} == {
        "reported": {"acknowledged"},
        "acknowledged": {"acknowledged", "closed"},
        "closed": set(),
    }
    assert set(rules.STATES) == set(rules.TRANSITIONS)


def test_each_worry_has_its_desks_and_danger_comes_first() -> None:
    assert dict(rules.DESKS) == {
        "elderly": ("city_elderly", "community_general_support"),
        "child": ("child_guidance", "child_family_center"),
        "disability": ("disability_abuse", "disability_consult"),
        "partner": ("dv_center", "police_110"),
        "suicide": ("suicide_line", "health_center"),
        "consumer": ("consumer_center", "police_110"),
        "other": ("community_general_support", "city_welfare"),
    }
    assert set(rules.TARGETS) == set(rules.DESKS)
    assert rules.IN_DANGER == ("police_110", "fire_119")


def test_times_lengths_and_codes_are_those_agreed() -> None:
    assert timedelta(minutes=30) == rules.ACKNOWLEDGE_WITHIN
    assert (rules.LONGEST, rules.LEAST_SHOWN) == (4000, 5)
    assert set(rules.PARTS) == {"resident", "household", "suspected"}
    assert set(rules.METHODS) == {"phone", "visit", "paper", "other"}
    assert set(rules.DECISIONS) == {"continue", "release"}
