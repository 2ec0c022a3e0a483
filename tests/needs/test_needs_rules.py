"""Rules of needs: deadlines, names of visits, transitions that are total."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matching.needs import rules
from matching.needs.rules import STATES, TRANSITIONS, answer_due_on, period_start

FRIDAY = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("urgency", "received", "due"),
    [
        ("emergency", date(2026, 11, 23), date(2026, 11, 23)),  # a public holiday, and still today
        ("high", date(2026, 11, 20), date(2026, 11, 24)),  # over weekend and holiday
        ("normal", date(2026, 11, 24), date(2026, 11, 27)),
        ("normal", FRIDAY, date(2027, 1, 5)),  # closed from 29 December to 3 January
        ("low", date(2026, 11, 24), date(2026, 12, 1)),
    ],
)
def test_the_first_answer_is_due_in_business_days(urgency: str, received: date, due: date) -> None:
    assert answer_due_on(urgency, received) == due


@pytest.mark.parametrize(
    ("recurrence", "on_weekdays", "day", "name"),
    [
        ("once", False, date(2026, 12, 3), date(2026, 12, 1)),
        ("as_needed", False, date(2026, 12, 3), date(2026, 12, 1)),
        ("weekly", True, date(2026, 12, 3), date(2026, 12, 3)),
        ("weekly", False, date(2026, 12, 3), date(2026, 11, 30)),
        ("biweekly", False, date(2026, 12, 6), date(2026, 11, 30)),
        ("monthly", False, date(2026, 12, 31), date(2026, 12, 1)),
    ],
)
def test_a_visit_has_one_name_whichever_of_its_days_is_chosen(
    recurrence: str, on_weekdays: bool, day: date, name: date
) -> None:
    assert period_start(recurrence, date(2026, 12, 1), day, on_weekdays=on_weekdays) == name


def test_every_state_has_its_transitions_and_leads_to_known_states() -> None:
    assert set(TRANSITIONS) == set(STATES)
    assert set().union(*TRANSITIONS.values()) <= set(STATES)


def test_every_state_but_the_last_leads_on_to_the_end() -> None:
    for state in STATES:
        seen, ahead = set(), {state}
        while ahead:
            seen |= ahead
            ahead = set().union(*(TRANSITIONS[each] for each in ahead)) - seen
        assert "closed" in seen, state


AFTER = {
    "received": "triaging on_hold withdrawn duplicate",
    "triaging": "ready referred on_hold declined withdrawn duplicate",
    "ready": "matching matched on_hold withdrawn unmet triaging completed",
    "matching": "matching matched ready on_hold withdrawn unmet completed",
    "matched": "matching ready in_progress completed withdrawn on_hold",
    "in_progress": "completed on_hold withdrawn",
    "completed": "closed",
    "on_hold": "on_hold triaging ready withdrawn duplicate referred declined completed",
    "referred": "triaging closed",
    "declined": "triaging closed",
    "unmet": "ready closed withdrawn",
    "withdrawn": "closed",
    "duplicate": "closed",
    "closed": "",
}


@pytest.mark.parametrize("state", AFTER)
def test_a_need_moves_only_along_the_table_written_by_hand(state: str) -> None:
    assert TRANSITIONS[state] == set(AFTER[state].split())


def test_what_is_planned_looked_at_and_open_is_what_was_agreed() -> None:
    """BR-06: nothing is planned before triage."""
    assert rules.PLANNED == ("ready", "matching")
    assert rules.PREVIEWED == ("received", "triaging")
    assert rules.OPEN == ("received", "triaging", "ready", "matching", "on_hold")
    assert rules.ANSWER_DAYS == {"emergency": 0, "high": 1, "normal": 3, "low": 5}
    assert set(rules.URGENCIES) == set(rules.ANSWER_DAYS)
    assert list(rules.RECURRENCES) == ["once", "weekly", "biweekly", "monthly", "as_needed"]


def test_the_moment_of_the_first_answer_is_closing_time_and_never_before_the_call() -> None:
    noon = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    closes = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)  # 17:15 in Japan
    assert rules.answer_due_at("emergency", noon) == closes
    assert rules.answer_due_at("high", noon) == closes + timedelta(days=1)
    late = closes + timedelta(hours=2)
    assert rules.answer_due_at("emergency", late) == late
