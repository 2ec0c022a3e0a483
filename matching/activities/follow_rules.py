"""Rules of following up: when both sides are asked how it goes, and how a need ends."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from matching.places.calendar import add_business_days, business_day_on_or_after

# Months after the first visit (BR-28); after the last of them every year.
MONTHS = (0, 1, 3, 6, 12)
YEAR = 12
FIRST_CALL_DAYS = 3  # business days after the first visit
AHEAD = timedelta(days=7)
PAUSE_AFTER = timedelta(days=60)

OUTCOMES: Mapping[str, str] = {
    "continue": "このまま続ける",
    "adjust": "内容や人を見直す",
    "end": "終わりにする",
    "unreachable": "電話がつながらない",
}
AGAIN_AFTER = 3  # business days until who could not be reached is called again

CLOSURES: Mapping[str, str] = {
    "goal_reached": "困りごとがなくなった",
    "own_wish": "ご本人の希望",
    "hospitalised": "入院",
    "facility": "施設に入られた",
    "moved": "転出",
    "deceased": "亡くなられた",
    "handed_over": "ほかの制度・窓口に引き継いだ",
    "no_volunteer": "手伝う人が見つからなかった",
    "other": "そのほか",
}


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the month's last day where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due_on(started_on: date, months: int) -> date:
    """Return the business day on which a follow-up is due (BR-28)."""
    if months == 0:
        return add_business_days(started_on, FIRST_CALL_DAYS)
    return business_day_on_or_after(add_months(started_on, months))


def next_months(months: int, *, recurring: bool) -> int | None:
    """Return the follow-up after one; a single visit has no more than the first."""
    if not recurring:
        return None
    later = [each for each in MONTHS if each > months]
    return later[0] if later else months + YEAR


def pauses(due: date, today: date) -> bool:
    """Tell whether a review is so long overdue that the series pauses (BR-28)."""
    return today > due + PAUSE_AFTER


REVOCATIONS: Mapping[str, str] = {
    "figures": "回数や時間にまちがいがあった",
    "person": "別の方の証明書だった",
    "reissued": "作り直した",
    "misused": "正しくない使い方をされた",
}
