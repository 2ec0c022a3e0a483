"""The ladder of a door that stays closed; against a table by hand (BR-27)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from matching.activities.absence_rules import FOUND, LADDER, ORDER, next_rung, rung_due_at

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_the_ladder_goes_from_the_bell_to_the_police() -> None:
    assert ORDER == ("retry", "family", "commissioner", "welfare", "police")
    assert next_rung("police") == "police"


def test_each_rung_waits_its_time_and_gives_way_to_the_next() -> None:
    waits = dict(zip(ORDER, (15, 30, 60, 60, 60), strict=True))
    assert set(LADDER) == set(waits)
    for rung, after in pairwise(ORDER):
        assert next_rung(rung) == after
    for rung, minutes in waits.items():
        assert rung_due_at(rung, AT) == AT + timedelta(minutes=minutes)
    assert set(FOUND) == {"well", "out", "ill", "handed_over"}
