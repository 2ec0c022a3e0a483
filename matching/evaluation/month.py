"""What the home page tells of the service: last month in numbers, and where hands are wanted."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.coordination.models import Placement
from matching.evaluation.figures import SMALLEST_SHOWN
from matching.kernel import clock
from matching.needs.models import Need
from matching.needs.rules import PLANNED
from matching.people.shielding import out_of_sight
from matching.people.standstill import held_people


class Month(NamedTuple):
    """A month in numbers; None where a number is too small to be told (BR-35)."""

    month: int
    received: int | None
    visits: int | None
    volunteers: int | None


def last_month(session: Session, today: date) -> Month:
    """Count what came in and what was done in the month before this one."""
    start, end = _span(today)
    received = select(func.count(Need.id)).where(Need.received_at >= start, Need.received_at < end)
    done = session.execute(
        select(func.count(Activity.id), func.count(Placement.volunteer_id.distinct()))
        .join(Placement, Placement.id == Activity.placement_id)
        .where(Activity.state.in_(("reported", "verified")))
        .where(Placement.starts_at >= start, Placement.starts_at < end)
    ).one()
    month = clock.local_date(start).month
    return Month(month, _told(session.scalar(received)), _told(done[0]), _told(done[1]))


def _span(today: date) -> tuple[datetime, datetime]:
    first = today.replace(day=1)
    year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    return clock.instant(date(year, month, 1), 0), clock.instant(first, 0)


def _told(count: int | None) -> int | None:
    return count if count is not None and count >= SMALLEST_SHOWN else None


def hands_wanted(session: Session, most: int) -> list[tuple[str, int]]:
    """Return the kinds of help that are looked for, with how many ask, the most asked for first.

    Only what enough people ask for: neither who nor where can be guessed (BR-35).
    """
    kinds = Need.category_code
    count = func.count(Need.requester_id.distinct())
    found = session.execute(
        select(kinds, count)
        .where(Need.state.in_(PLANNED))
        .where(Need.requester_id.not_in(out_of_sight(None)))
        .where(Need.requester_id.not_in(held_people()))
        .group_by(kinds)
        .having(count >= SMALLEST_SHOWN)
        .order_by(count.desc(), kinds)
        .limit(most)
    )
    return [(code, wanted) for code, wanted in found]
