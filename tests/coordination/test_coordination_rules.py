"""What may follow what in coordination, how long an answer is awaited; against tables by hand."""

from datetime import datetime, timedelta

import pytest

from matching.coordination import rules
from matching.kernel.clock import TOKYO

PROPOSALS = {
    "suggested": "selected contacted accepted cancelled superseded",
    "selected": "contacted accepted cancelled superseded",
    "contacted": "accepted waitlisted declined no_response cancelled",
    "waitlisted": "accepted declined cancelled",
    "no_response": "accepted waitlisted declined",
    "accepted": "cancelled",
    "superseded": "accepted",
    "declined": "",
    "cancelled": "",
}
PLACEMENTS = {"held": "confirmed cancelled", "confirmed": "cancelled done", "done": "",
              "cancelled": ""}  # fmt: skip


def test_a_proposal_moves_only_along_the_table_written_by_hand() -> None:
    found = {state: set(after) for state, after in rules.PROPOSAL_TRANSITIONS.items()}
    assert found == {state: set(after.split()) for state, after in PROPOSALS.items()}
    assert set(rules.PROPOSAL_STATES) == set(PROPOSALS)
    assert rules.OPEN_PROPOSALS == ("suggested", "selected", "contacted")


def test_a_placement_moves_only_along_the_table_written_by_hand() -> None:
    found = {state: set(after) for state, after in rules.PLACEMENT_TRANSITIONS.items()}
    assert found == {state: set(after.split()) for state, after in PLACEMENTS.items()}
    assert set(rules.PLACEMENT_STATES) == set(PLACEMENTS)


def test_runs_channels_outcomes_and_reasons_have_the_codes_that_are_kept() -> None:
    assert set(rules.RUN_STATES) == {"running", "done", "failed"}
    assert set(rules.RUN_KINDS) == {"full", "repair"}
    assert set(rules.CHANNELS) == {"phone", "visit", "mail", "line", "sms", "letter", "web"}
    assert set(rules.SENT_BY_US) == {"mail", "line", "sms", "web"}
    told = "sent yes no talk no_answer message_left told"
    assert set(rules.CONTACT_OUTCOMES) == set(told.split())
    assert set(rules.DECLINE_REASONS) == {
        "date",
        "distance",
        "content",
        "health",
        "family",
        "other",
    }


def test_the_guards_of_load_are_those_agreed() -> None:
    """BR-15."""
    assert (rules.MOST_OPEN_OFFERS, rules.MOST_VISITS_A_WEEK, rules.REST_AFTER_DECLINE) == (2, 4, 7)
    assert (rules.LEAST_TRAVEL_MINUTES, rules.MOST_CALLS) == (5, 3)


MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("channel", "day"),
    [("phone", 2), ("visit", 2), ("mail", 3), ("line", 3), ("sms", 3), ("web", 3), ("letter", 7)],
)
def test_an_answer_is_awaited_so_many_business_days(channel: str, day: int) -> None:
    """BR-16: a letter's five days go over the weekend."""
    due = rules.answer_due_at(channel, "normal", MONDAY)
    assert due == datetime(2026, 11, 30, 17, 15, tzinfo=TOKYO) + timedelta(days=day)


def test_an_emergency_waits_four_hours_whatever_the_channel() -> None:
    for channel in rules.CHANNELS:
        due = rules.answer_due_at(channel, "emergency", MONDAY)
        assert due - MONDAY == timedelta(hours=4)
    assert set(rules.ANSWER_DAYS) == set(rules.CHANNELS)
