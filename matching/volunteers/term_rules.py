"""Rules of terms: the insurance year, the registration year with its grace, proofs that expire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from matching.places.calendar import end_of_fiscal_year, fiscal_year_of, start_of_fiscal_year

PLANS: Mapping[str, str] = {
    "basic": "基本プラン",
    "disaster": "天災・地震補償プラン",
    "infection": "特定感染症重点プラン",
}
# BR-17: what a kind of help demands; any plan does for the others.
DEMANDS: Mapping[str, str] = {"disaster_cleanup": "disaster"}

GRACE_ENDS = (5, 31)  # BR-29
RENEW_FROM = (3, 1)
WARN_BEFORE = timedelta(days=60)

TOO_LATE = "この年度の補償は、今日の加入では始まりません。次の年度の保険に加入してください。"
TOO_EARLY = "次の年度の受付は、3月の第1月曜日からです。"


class Cover(NamedTuple):
    """A span of days covered by a plan, both ends included."""

    plan: str
    first: date
    last: date


def opens_on(fiscal_year: int) -> date:
    """Return the day from which the insurance of a fiscal year is taken: March's first Monday."""
    first = date(fiscal_year, 3, 1)
    return first + timedelta(days=-first.weekday() % 7)


def cover_of(plan: str, fiscal_year: int, enrolled_on: date, *, immediate: bool = False) -> Cover:
    """Return the days that an enrolment covers (BR-18): from the day after it to 31 March.

    At once only while the disaster relief act applies. The span is empty when enrolled too late.
    """
    begins = enrolled_on if immediate else enrolled_on + timedelta(days=1)
    first = max(begins, start_of_fiscal_year(fiscal_year))
    return Cover(plan, first, end_of_fiscal_year(fiscal_year))


def covers(spans: Iterable[Cover], on: date, demanded: str | None = None) -> bool:
    """Tell whether a day is covered, with the plan that is demanded (BR-17)."""
    return any(span.first <= on <= span.last and demanded in (None, span.plan) for span in spans)


def standing_cover(spans: Iterable[Cover], today: date) -> tuple[date, date] | None:
    """Return the run of covered days that holds today or begins next; years join without a gap."""
    runs: list[tuple[date, date]] = []
    for span in sorted(spans, key=lambda each: (each.first, each.last)):
        if span.first > span.last:
            continue
        if runs and span.first <= runs[-1][1] + timedelta(days=1):
            runs[-1] = (runs[-1][0], max(runs[-1][1], span.last))
        else:
            runs.append((span.first, span.last))
    return next((run for run in runs if run[1] >= today), None)


def registered_until(stated: date | None, created_on: date) -> date:
    """Return the last day of a registration: as renewed, else the end of its first fiscal year."""
    return stated or end_of_fiscal_year(fiscal_year_of(created_on))


def grace_until(last: date) -> date:
    """Return until when somebody is still asked after their registration ended (BR-29)."""
    return max(last, date(last.year, *GRACE_ENDS)) if last.month <= 3 else last


def may_be_asked(stated: date | None, created_on: date, today: date) -> bool:
    """Tell whether a registration lets somebody be proposed: valid, or within grace (BR-29)."""
    return today <= grace_until(registered_until(stated, created_on))


def renewal_year(today: date) -> int | None:
    """Return the fiscal year for which renewals are asked now: from 1 March to the end of grace."""
    if (today.month, today.day) >= RENEW_FROM and today.month <= 3:
        return today.year
    if today.month >= 4 and (today.month, today.day) <= GRACE_ENDS:
        return today.year
    return None


def is_valid(verified_on: date | None, valid_until: date | None, on: date) -> bool:
    """Tell whether a proof counts on a day: seen by then and not expired (BR-11)."""
    return (
        verified_on is not None and verified_on <= on and (valid_until is None or on <= valid_until)
    )
