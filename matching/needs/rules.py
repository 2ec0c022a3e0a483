"""Rules of needs: states, what may follow what, and which of them are planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from matching.kernel.clock import instant, local_date
from matching.places.calendar import CLOSES_AT, add_business_days

STATES: Mapping[str, str] = {
    "received": "受付",
    "triaging": "見立て中",
    "ready": "調整待ち",
    "matching": "調整中",
    "matched": "決まりました",
    "in_progress": "活動中",
    "completed": "終わりました",
    "closed": "終結",
    "on_hold": "保留",
    "referred": "ほかの窓口へ",
    "declined": "お受けできない",
    "withdrawn": "取り下げ",
    "unmet": "見つからなかった",
    "duplicate": "重複",
}

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "received": frozenset({"triaging", "on_hold", "withdrawn", "duplicate"}),
    "triaging": frozenset({"ready", "referred", "on_hold", "declined", "withdrawn", "duplicate"}),
    "ready": frozenset(
        {"matching", "matched", "on_hold", "withdrawn", "unmet", "triaging", "completed"}
    ),
    "matching": frozenset(
        {"matching", "matched", "ready", "on_hold", "withdrawn", "unmet", "completed"}
    ),
    "matched": frozenset({"matching", "ready", "in_progress", "completed", "withdrawn", "on_hold"}),
    "in_progress": frozenset({"completed", "on_hold", "withdrawn"}),
    "completed": frozenset({"closed"}),
    "on_hold": frozenset(
        {
            *("on_hold", "triaging", "ready", "completed"),
            *("withdrawn", "referred", "declined", "duplicate"),
        }
    ),
    "referred": frozenset({"triaging", "closed"}),
    "declined": frozenset({"triaging", "closed"}),
    "unmet": frozenset({"ready", "closed", "withdrawn"}),
    "withdrawn": frozenset({"closed"}),
    "duplicate": frozenset({"closed"}),
    "closed": frozenset(),
}

PLANNED = ("ready", "matching")
# Still with the coordinator: people are ranked so that triage sees who could help.
PREVIEWED = ("received", "triaging")
OPEN = ("received", "triaging", "ready", "matching", "on_hold")

URGENCIES: Mapping[str, str] = {
    "emergency": "緊急",
    "high": "急ぎ",
    "normal": "ふつう",
    "low": "急がない",
}

RECURRENCES: Mapping[str, str] = {
    "once": "1回だけ",
    "weekly": "毎週",
    "biweekly": "隔週",
    "monthly": "毎月",
    "as_needed": "必要なとき",
}

# Business days a coordinator has to give a first answer, by urgency.
ANSWER_DAYS: Mapping[str, int] = {"emergency": 0, "high": 1, "normal": 3, "low": 5}


def answer_due_on(urgency: str, received_on: date) -> date:
    """Return the day by which a need of this urgency wants its next step.

    An emergency is for today, open or not; the others count business days.
    """
    days = ANSWER_DAYS[urgency]
    return add_business_days(received_on, days) if days else received_on


def answer_due_at(urgency: str, received_at: datetime) -> datetime:
    """Return the moment by which that step is due: when the centre closes on the day."""
    day = answer_due_on(urgency, local_date(received_at))
    return max(received_at, instant(day, CLOSES_AT.hour * 60 + CLOSES_AT.minute))


def period_start(recurrence: str, start_on: date, day: date, *, on_weekdays: bool) -> date:
    """Return the day that names the visit to which an allowed day belongs.

    One visit a week, month or at all has one name, whichever of its days is chosen; a weekly
    need on named weekdays has a visit, and so a name, on each of them.
    """
    if recurrence in {"weekly", "biweekly"}:
        return day if on_weekdays else day - timedelta(days=day.weekday())
    if recurrence == "monthly":
        return day.replace(day=1)
    return start_on
