"""Years of insurance and registration, proofs that expire: every edge of the calendar, by hand."""

from datetime import date, timedelta

import pytest

from matching.volunteers import term_rules
from matching.volunteers.term_rules import (
    Cover,
    cover_of,
    covers,
    grace_until,
    is_valid,
    may_be_asked,
    opens_on,
    registered_until,
    renewal_year,
    standing_cover,
)


@pytest.mark.parametrize(
    ("enrolled", "year", "immediate", "first"),
    [
        (date(2026, 11, 23), 2026, False, date(2026, 11, 24)),
        (date(2026, 11, 23), 2026, True, date(2026, 11, 23)),
        (date(2027, 3, 8), 2027, False, date(2027, 4, 1)),
        (date(2027, 3, 31), 2027, False, date(2027, 4, 1)),
        (date(2027, 3, 30), 2026, False, date(2027, 3, 31)),
        (date(2028, 2, 28), 2027, False, date(2028, 2, 29)),
        (date(2026, 12, 31), 2026, False, date(2027, 1, 1)),
    ],
)
def test_cover_begins_the_day_after_and_ends_with_march(
    enrolled: date, year: int, immediate: bool, first: date
) -> None:
    """BR-18."""
    span = cover_of("basic", year, enrolled, immediate=immediate)
    assert (span.first, span.last) == (first, date(year + 1, 3, 31))


def test_on_the_last_day_of_march_this_years_cover_cannot_begin() -> None:
    """BR-18: on 3/31 the cover would begin on 4/1, when the year is over."""
    span = cover_of("basic", 2026, date(2027, 3, 31))
    assert span.first > span.last


def test_a_day_is_covered_by_the_plan_that_is_demanded() -> None:
    """BR-17."""
    spans = [cover_of("basic", 2026, date(2026, 4, 1))]
    assert not covers(spans, date(2026, 4, 1))
    assert covers(spans, date(2026, 4, 2))
    assert covers(spans, date(2027, 3, 31))
    assert not covers(spans, date(2027, 4, 1))
    assert not covers(spans, date(2026, 5, 1), "disaster")


def test_years_join_and_a_gap_does_not() -> None:
    this, following = (
        cover_of("basic", 2026, date(2026, 4, 1)),
        cover_of("basic", 2027, date(2027, 3, 1)),
    )
    late = Cover("basic", date(2027, 4, 3), date(2028, 3, 31))
    today = date(2026, 11, 23)
    assert standing_cover([following, this], today) == (date(2026, 4, 2), date(2028, 3, 31))
    assert standing_cover([late, this], today) == (date(2026, 4, 2), date(2027, 3, 31))
    assert standing_cover([], today) is None


@pytest.mark.parametrize(("year", "day"), [(2026, 2), (2027, 1), (2028, 6), (2032, 1), (2029, 5)])
def test_the_next_year_opens_on_the_first_monday_of_march(year: int, day: int) -> None:
    assert opens_on(year) == date(year, 3, day)
    assert opens_on(year).weekday() == 0


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), True),
        (date(2027, 5, 31), True),
        (date(2027, 6, 1), False),
    ],
)
def test_a_registration_ends_with_march_and_is_kept_to_the_end_of_may(
    today: date, asked: bool
) -> None:
    """BR-29."""
    assert may_be_asked(None, date(2026, 11, 23), today) is asked
    assert registered_until(None, date(2027, 3, 31)) == date(2027, 3, 31)
    assert registered_until(None, date(2027, 4, 1)) == date(2028, 3, 31)
    assert grace_until(date(2027, 3, 31)) == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2027, 2, 28), None),
        (date(2028, 2, 29), None),
        (date(2027, 3, 1), 2027),
        (date(2027, 5, 31), 2027),
        (date(2027, 6, 1), None),
    ],
)
def test_renewals_are_asked_from_march_to_may(today: date, year: int | None) -> None:
    assert renewal_year(today) == year


def test_a_proof_counts_from_the_day_it_was_seen_to_its_last_day() -> None:
    """BR-11."""
    seen, last = date(2026, 4, 1), date(2028, 2, 29)
    assert is_valid(seen, last, last)
    assert not is_valid(seen, last, last + timedelta(days=1))
    assert not is_valid(seen, None, seen - timedelta(days=1))
    assert not is_valid(None, last, seen)


def test_plans_and_what_a_kind_of_help_demands() -> None:
    """BR-17."""
    assert set(term_rules.PLANS) == {"basic", "disaster", "infection"}
    assert term_rules.DEMANDS == {"disaster_cleanup": "disaster"}
    assert term_rules.WARN_BEFORE.days == 60


def test_runs_of_cover_leave_out_empty_spans_and_what_is_over() -> None:
    empty = cover_of("basic", 2026, date(2027, 3, 31))
    first = Cover("basic", date(2026, 4, 2), date(2026, 6, 30))
    touching = Cover("disaster", date(2026, 7, 1), date(2026, 8, 1))
    inside = Cover("basic", date(2026, 5, 1), date(2026, 5, 9))
    apart = Cover("basic", date(2026, 8, 3), date(2027, 3, 31))
    spans = [apart, empty, inside, touching, first]
    assert standing_cover(spans, date(2026, 8, 1)) == (first.first, touching.last)
    assert standing_cover(spans, date(2026, 8, 2)) == (apart.first, apart.last)
    assert standing_cover(spans, date(2027, 4, 1)) is None
    assert standing_cover([empty], date(2027, 3, 31)) is None
    day = Cover("basic", date(2026, 5, 1), date(2026, 5, 1))
    assert standing_cover([day], date(2026, 5, 1)) == (date(2026, 5, 1), date(2026, 5, 1))


def test_who_is_registered_into_summer_has_no_grace() -> None:
    """BR-29."""
    assert grace_until(date(2027, 4, 1)) == date(2027, 4, 1)
    assert grace_until(date(2027, 2, 1)) == date(2027, 5, 31)
    assert registered_until(date(2026, 12, 1), date(2020, 1, 1)) == date(2026, 12, 1)
    assert (renewal_year(date(2027, 4, 1)), renewal_year(date(2027, 1, 31))) == (2027, None)
    assert (renewal_year(date(2027, 12, 1)), renewal_year(date(2027, 5, 1))) == (None, 2027)


def test_a_proof_without_an_end_counts_on() -> None:
    """BR-11."""
    assert is_valid(date(2026, 4, 1), None, date(2026, 4, 1))
    assert not is_valid(None, None, date(2026, 4, 1))
