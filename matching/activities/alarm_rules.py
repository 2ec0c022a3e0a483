"""Rules of a visit's alarms: whom to phone next, how soon again, and what a call can bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from matching.activities.rules import NOT_RETURNED_AFTER, NOT_STARTED_AFTER


class Call(NamedTuple):
    """A step of an alarm: who is phoned, and how long until the next one where nobody answers."""

    whom: str
    label: str
    wait: timedelta


QUARTER, HALF = timedelta(minutes=15), timedelta(minutes=30)
HOUR = timedelta(hours=1)
VOLUNTEER = Call("volunteer", "うかがう方に電話する", QUARTER)
RESIDENT = Call("resident", "困っている方に電話する", QUARTER)

LADDERS: Mapping[str, Sequence[Call]] = {
    "not_started": (
        VOLUNTEER,
        RESIDENT,
        Call("substitute", "代わりの方をさがすか、中止を伝える", HALF),
    ),
    "not_returned": (
        VOLUNTEER,
        RESIDENT,
        Call("family", "うかがう方のご家族・緊急連絡先に電話する", HALF),
        Call("police", "警察（110）に相談する", HOUR),
    ),
}
SINCE: Mapping[str, timedelta] = {
    "not_started": NOT_STARTED_AFTER,
    "not_returned": NOT_RETURNED_AFTER,
}
# What a call can bring.
RESULTS: Mapping[str, Mapping[str, str]] = {
    "not_started": {
        "begun": "始まっていた",
        "no_answer": "つながらない",
        "later": "これから向かう",
        "not_coming": "来られない",
    },
    "not_returned": {
        "home": "終わって帰っていた",
        "no_answer": "つながらない",
        "later": "まだ活動中",
    },
}
# Where somebody said that it goes on, the alarm rests so long.
REST = HALF
ENDED = ("begun", "home", "not_coming")
KEPT = ("no_answer", "later")


def whom_next(alarm: str, missed: int) -> Call:
    """Return who is phoned after so many calls that reached nobody; the last one stays."""
    ladder = LADDERS[alarm]
    return ladder[min(missed, len(ladder) - 1)]


def rings_again_at(alarm: str, result: str, missed: int, at: datetime) -> datetime:
    """Return when an alarm wants somebody again after a call; `missed` counts those before it."""
    return at + (REST if result == "later" else whom_next(alarm, missed).wait)
