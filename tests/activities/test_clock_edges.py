"""Deadlines at the edges of the calendar: closing time, New Year, May, March, a leap day."""

from datetime import date, datetime, timedelta

import pytest

from matching.activities import alarm_rules, follow_rules, rules
from matching.activities.absence_rules import LADDER, ORDER, rung_due_at
from matching.activities.case_rules import COMPLAINT_DAYS, INCIDENT_DAYS, next_step_due_at
from matching.coordination import rules as offers
from matching.kernel.clock import TOKYO
from matching.needs import rules as needs
from matching.places.calendar import fiscal_year_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("channel", "urgency", "asked", "due"),
    [
        (
            "phone",
            "normal",
            "2026-12-28T10:00",
            "2027-01-05T17:15",
        ),  # the centre rests to 3 January
        ("web", "normal", "2026-12-28T10:00", "2027-01-06T17:15"),
        ("letter", "normal", "2027-04-30T10:00", "2027-05-12T17:15"),  # over Golden Week
        ("phone", "normal", "2027-03-30T23:59", "2027-04-01T17:15"),  # over the year's end
        ("line", "emergency", "2026-12-31T22:30", "2027-01-01T02:30"),  # an emergency waits no day
        ("phone", "high", "2028-02-28T09:00", "2028-03-01T17:15"),  # a leap day is a day
    ],
)
def test_an_offer_waits_for_business_days_and_an_emergency_for_hours(
    channel: str, urgency: str, asked: str, due: str
) -> None:
    """BR-16."""
    assert offers.answer_due_at(channel, urgency, at(asked)) == at(due)


@pytest.mark.parametrize(
    ("urgency", "received", "due"),
    [
        ("emergency", "2027-01-01T09:00", "2027-01-01T17:15"),
        ("emergency", "2027-01-01T20:00", "2027-01-01T20:00"),  # never before the call itself
        ("high", "2026-12-28T16:00", "2027-01-04T17:15"),
        ("normal", "2027-04-30T10:00", "2027-05-10T17:15"),
        ("low", "2027-03-31T10:00", "2027-04-07T17:15"),
    ],
)
def test_a_first_answer_is_due_on_open_days(urgency: str, received: str, due: str) -> None:
    assert needs.answer_due_at(urgency, at(received)) == at(due)


def test_steps_of_a_case_are_due_over_the_new_year() -> None:
    assert next_step_due_at(INCIDENT_DAYS, "assessed", at("2026-12-28T10:00")) == at(
        "2027-01-06T17:15"
    )
    assert next_step_due_at(COMPLAINT_DAYS, "received", at("2026-12-28T10:00")) == at(
        "2027-01-06T17:15"
    )
    assert next_step_due_at(INCIDENT_DAYS, "closed", at("2026-12-28T10:00")) is None


def test_follow_ups_come_on_open_days_and_on_the_last_day_of_a_short_month() -> None:
    """BR-28."""
    assert follow_rules.due_on(date(2026, 12, 25), 0) == date(2027, 1, 5)
    assert follow_rules.due_on(date(2026, 11, 30), 1) == date(2027, 1, 4)  # 30 December is closed
    assert follow_rules.due_on(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert follow_rules.due_on(date(2028, 2, 29), 12) == date(2029, 2, 28)
    due = date(2027, 1, 4)
    assert not follow_rules.pauses(due, due + timedelta(days=60))
    assert follow_rules.pauses(due, due + timedelta(days=61))


def test_the_ladder_of_a_closed_door_adds_up_over_midnight() -> None:
    """BR-27: bell 15 minutes, family 30, commissioner, support centre and police 60 each."""
    moment = at("2026-12-31T22:50")
    for rung in ORDER:
        moment = rung_due_at(rung, moment)
    assert [LADDER[rung].wait.seconds // 60 for rung in ORDER] == [15, 30, 60, 60, 60]
    assert moment == at("2027-01-01T02:35")


@pytest.mark.parametrize(
    ("before", "late"),
    [(timedelta(hours=24), False), (timedelta(hours=23, minutes=59), True), (timedelta(0), True),
     (timedelta(minutes=-1), False)],
)  # fmt: skip
def test_late_is_within_a_day_of_the_beginning(before: timedelta, late: bool) -> None:
    """BR-24."""
    assert rules.is_late_cancellation(before) is late


def test_the_year_turns_at_midnight_in_japan() -> None:
    """BR-36."""
    assert fiscal_year_of(at("2027-03-31T23:59").date()) == 2026
    assert fiscal_year_of(at("2027-04-01T00:00").date()) == 2027
    assert (timedelta(minutes=15), timedelta(minutes=30)) == (alarm_rules.QUARTER, alarm_rules.HALF)
