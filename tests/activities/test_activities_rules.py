"""What may follow what in a visit, how its time is counted; against tables by hand."""

from datetime import datetime, timedelta

import pytest

from matching.activities import rules

ENDED_EARLY = "cancelled_by_requester cancelled_by_volunteer cancelled_weather cancelled_center"
VISITS = {
    "confirmed": f"checked_in done reported no_show resident_absent unreported {ENDED_EARLY}",
    "checked_in": "done reported resident_absent interrupted unreported",
    "done": "reported unreported",
    "interrupted": "reported unreported",
    "resident_absent": "reported",
    "unreported": "reported",
    "reported": "verified reported",
    **dict.fromkeys(["verified", "no_show", *ENDED_EARLY.split()], ""),
}


def test_a_visit_moves_only_along_the_table_written_by_hand() -> None:
    found = {state: set(after) for state, after in rules.TRANSITIONS.items()}
    assert found == {state: set(after.split()) for state, after in VISITS.items()}
    assert set(rules.STATES) == set(VISITS)
    assert set(rules.CANCELLATIONS) == set(ENDED_EARLY.split())
    assert set(rules.CONDITIONS) == {"usual", "good", "worried"}


@pytest.mark.parametrize(
    ("minutes", "counted"),
    [(1, 15), (7, 15), (15, 15), (22, 15), (23, 30), (30, 30), (37, 30), (38, 45), (60, 60),
     (720, 720)],
)  # fmt: skip
def test_time_is_counted_in_quarters_at_least_one(minutes: int, counted: int) -> None:
    assert rules.counted_minutes(minutes) == counted


@pytest.mark.parametrize(
    ("hours", "late"), [(-0.01, False), (0, True), (1, True), (23.99, True), (24, False)]
)
def test_a_cancellation_within_a_day_is_late(hours: float, late: bool) -> None:
    """BR-24."""
    assert rules.is_late_cancellation(timedelta(hours=hours)) is late


def test_reminders_come_when_agreed() -> None:
    """BR-25, and the watch over who does not begin or come back."""
    days = (rules.REMIND_AFTER, rules.CALL_AFTER, rules.CLOSE_AFTER)
    assert [each.days for each in days] == [3, 7, 30]
    assert timedelta(minutes=30) == rules.NOT_STARTED_AFTER
    assert timedelta(hours=1) == rules.NOT_RETURNED_AFTER
    assert rules.MOST_MINUTES == 720


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ("2026-12-28T17:14", "2026-12-28T17:15"),
        ("2026-12-28T17:15", "2027-01-04T17:15"),
        ("2026-12-29T09:00", "2027-01-04T17:15"),
        ("2027-05-01T09:00", "2027-05-06T17:15"),
    ],
)
def test_the_same_business_day_is_the_next_open_one_after_closing(told: str, due: str) -> None:
    """BR-26."""
    here = [datetime.fromisoformat(f"{each}+09:00") for each in (told, due)]
    assert rules.same_business_day(here[0]) == here[1]
