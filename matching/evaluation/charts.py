"""Counts behind maps and charts: by area, by area and kind of help, by month."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.evaluation.figures import MET
from matching.kernel import clock
from matching.needs.models import Need
from matching.needs.rules import OPEN
from matching.people.models import Person
from matching.volunteers.models import Volunteer

ZONE = "Asia/Tokyo"


class MonthCounts(NamedTuple):
    """Needs received in a month, and those of them that were met until now."""

    month: date
    received: int
    met: int


def open_by_area(session: Session) -> dict[str, int]:
    """Count needs that wait for somebody now, by area code."""
    found = select(Need.area_code, func.count()).where(Need.state.in_(OPEN))
    rows = session.execute(found.group_by(Need.area_code))
    return {area: count for area, count in rows if area is not None}


def volunteers_by_area(session: Session) -> dict[str, int]:
    """Count active volunteers by the area they live in."""
    rows = session.execute(
        select(Person.area_code, func.count())
        .join(Volunteer, Volunteer.person_id == Person.id)
        .where(Volunteer.state == "active")
        .group_by(Person.area_code)
    )
    return {area: count for area, count in rows if area is not None}


def open_by_area_and_category(session: Session) -> dict[tuple[str, str], int]:
    """Count needs that wait for somebody now, by area and kind of help."""
    rows = session.execute(
        select(Need.area_code, Need.category_code, func.count())
        .where(Need.state.in_(OPEN), Need.area_code.is_not(None))
        .group_by(Need.area_code, Need.category_code)
    )
    return {(area, category): count for area, category, count in rows if area is not None}


def by_month(session: Session, months: int, today: date) -> list[MonthCounts]:
    """Count needs by the month they came in, the last of `months` being this one."""
    firsts = _months(months, today)
    month = func.date_trunc("month", func.timezone(ZONE, Need.received_at))
    rows = session.execute(
        select(month, func.count(), func.count().filter(Need.state.in_(MET)))
        .where(Need.received_at >= clock.instant(firsts[0], 0))
        .group_by(month)
    )
    counted = {at.date(): (received, met) for at, received, met in rows}
    return [MonthCounts(first, *counted.get(first, (0, 0))) for first in firsts]


def _months(count: int, today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(last - count + 1, last + 1)]
