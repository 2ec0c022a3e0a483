"""Rules of activities: states of a visit, how its time is counted, when somebody is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from matching.kernel.clock import TOKYO, local
from matching.places.calendar import CLOSES_AT, business_day_on_or_after

STATES: Mapping[str, str] = {
    "confirmed": "予定",
    "checked_in": "活動中",
    "done": "終わりました",
    "reported": "報告ずみ",
    "verified": "確認ずみ",
    "cancelled_by_requester": "お願いした方の都合で中止",
    "cancelled_by_volunteer": "ボランティアの都合で中止",
    "cancelled_weather": "天候で中止",
    "cancelled_center": "センターの判断で中止",
    "no_show": "来ませんでした",
    "resident_absent": "会えませんでした",
    "interrupted": "途中で終わりました",
    "unreported": "報告なし",
}

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "confirmed": frozenset(
        {
            "checked_in",
            "done",
            "reported",
            "cancelled_by_requester",
            "cancelled_by_volunteer",
            "cancelled_weather",
            "cancelled_center",
            "no_show",
            "resident_absent",
            "unreported",
        }
    ),
    "checked_in": frozenset({"done", "reported", "resident_absent", "interrupted", "unreported"}),
    "done": frozenset({"reported", "unreported"}),
    "interrupted": frozenset({"reported", "unreported"}),
    "resident_absent": frozenset({"reported"}),
    "unreported": frozenset({"reported"}),
    "reported": frozenset({"verified", "reported"}),
    "verified": frozenset(),
    "no_show": frozenset(),
    "cancelled_by_requester": frozenset(),
    "cancelled_by_volunteer": frozenset(),
    "cancelled_weather": frozenset(),
    "cancelled_center": frozenset(),
}

CANCELLATIONS = tuple(state for state in STATES if state.startswith("cancelled"))

CONDITIONS: Mapping[str, str] = {
    "usual": "いつもどおり",
    "good": "いつもより元気",
    "worried": "気になることがある",
}

NOT_STARTED_AFTER = timedelta(minutes=30)
NOT_RETURNED_AFTER = timedelta(minutes=60)
# BR-25: days after a visit without a report.
REMIND_AFTER = timedelta(days=3)
CALL_AFTER = timedelta(days=7)
CLOSE_AFTER = timedelta(days=30)
# Nobody is on one visit for longer; a longer time is a mistake in typing.
MOST_MINUTES = 12 * 60
COUNTED_IN = 15


def counted_minutes(minutes: int) -> int:
    """Return person-minutes as statistics count them: the nearest quarter, at least one."""
    return max(COUNTED_IN, COUNTED_IN * ((minutes + COUNTED_IN // 2) // COUNTED_IN))


def is_late_cancellation(starts_in: timedelta) -> bool:
    """Tell whether a cancellation comes so late that the other side is called at once (BR-24)."""
    return timedelta(0) <= starts_in < timedelta(hours=24)


def same_business_day(now: datetime) -> datetime:
    """Return closing time of this business day, or of the next when it is over (BR-26)."""
    here = local(now)
    day = here.date() + timedelta(days=here.time() >= CLOSES_AT)
    return datetime.combine(business_day_on_or_after(day), CLOSES_AT, TOKYO)
