"""Whom an alarm wants phoned, and when again; against tables by hand (BR-27)."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.activities import alarm_rules
from matching.activities.alarm_rules import rings_again_at, whom_next

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
LADDERS = {
    "not_started": "volunteer 15 resident 15 substitute 30",
    "not_returned": "volunteer 15 resident 15 family 30 police 60",
}
RESULTS = {
    "not_started": "begun no_answer later not_coming",
    "not_returned": "home no_answer later",
}


def test_every_ladder_ends_with_somebody_and_every_result_is_known() -> None:
    """BR-27."""
    assert set(alarm_rules.LADDERS) == set(alarm_rules.RESULTS) == set(alarm_rules.SINCE)
    for kind, ladder in alarm_rules.LADDERS.items():
        assert ladder[0].whom == "volunteer"
        assert alarm_rules.whom_next(kind, 99) == ladder[-1]
    said = {code for results in alarm_rules.RESULTS.values() for code in results}
    assert said == {*alarm_rules.ENDED, *alarm_rules.KEPT}


@pytest.mark.parametrize("alarm", LADDERS)
def test_calls_go_up_the_ladder_written_by_hand(alarm: str) -> None:
    steps = LADDERS[alarm].split()
    rungs = [(who, int(minutes)) for who, minutes in zip(steps[::2], steps[1::2], strict=True)]
    for missed, (whom, minutes) in enumerate([*rungs, rungs[-1]]):
        assert whom_next(alarm, missed).whom == whom
        assert rings_again_at(alarm, "no_answer", missed, AT) == AT + timedelta(minutes=minutes)
        assert rings_again_at(alarm, "later", missed, AT) == AT + timedelta(minutes=30)


def test_what_a_call_brings_and_when_alarms_begin() -> None:
    assert {kind: " ".join(found) for kind, found in alarm_rules.RESULTS.items()} == RESULTS
    assert alarm_rules.ENDED == ("begun", "home", "not_coming")
    assert alarm_rules.KEPT == ("no_answer", "later")
    since = {kind: after.total_seconds() / 60 for kind, after in alarm_rules.SINCE.items()}
    assert since == {"not_started": 30, "not_returned": 60}
