"""When both sides are asked how it goes, and how a need ends; against tables by hand (BR-28)."""

from datetime import date, timedelta

import pytest

from matching.activities import follow_rules
from matching.activities.follow_rules import add_months, due_on, next_months, pauses


@pytest.mark.parametrize(
    ("started", "months", "due"),
    [
        (date(2026, 11, 26), 0, date(2026, 12, 1)),
        (date(2026, 1, 31), 1, date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 4)),  # 1 January: the first day open
        (date(2026, 9, 30), 6, date(2027, 3, 30)),
        (date(2026, 10, 29), 6, date(2027, 4, 30)),  # 29 April is a holiday
        (date(2026, 12, 28), 0, date(2027, 1, 6)),
    ],
)
def test_a_call_is_due_on_a_business_day(started: date, months: int, due: date) -> None:
    """BR-28."""
    assert due_on(started, months) == due


def test_calls_come_after_1_3_and_6_months_then_every_year() -> None:
    """BR-28."""
    found, months = [], 0
    while len(found) < 6:
        later = next_months(months, recurring=True)
        assert later is not None
        found.append(later)
        months = later
    assert found == [1, 3, 6, 12, 24, 36]
    assert next_months(0, recurring=False) is None


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)


@pytest.mark.parametrize(("days", "paused"), [(60, False), (61, True)])
def test_a_series_pauses_when_its_review_is_sixty_days_late(days: int, paused: bool) -> None:
    """BR-28."""
    assert pauses(date(2026, 1, 5), date(2026, 1, 5) + timedelta(days=days)) is paused


def test_what_is_heard_how_a_need_ends_and_why_a_certificate_is_taken_back() -> None:
    assert set(follow_rules.OUTCOMES) == {"continue", "adjust", "end", "unreachable"}
    assert set(follow_rules.CLOSURES) == {
        "goal_reached", "own_wish", "hospitalised", "facility", "moved", "deceased",
        "handed_over", "no_volunteer", "other",
    }  # fmt: skip
    assert set(follow_rules.REVOCATIONS) == {"figures", "person", "reissued", "misused"}
    assert follow_rules.MONTHS == (0, 1, 3, 6, 12)
    assert (follow_rules.AGAIN_AFTER, follow_rules.AHEAD.days) == (3, 7)
