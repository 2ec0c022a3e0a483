"""Cover for coming visits: who is on one and not insured that day is enrolled in time (BR-17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement
from matching.kernel import tasks
from matching.kernel.clock import instant, local_date
from matching.needs.models import Need
from matching.places.calendar import is_business_day
from matching.volunteers.insuring import is_covered
from matching.volunteers.term_rules import DEMANDS

AHEAD = timedelta(days=14)


def watch_cover(session: Session, now: datetime) -> int:
    """Ask for the enrolment of who has a visit within two weeks and no cover on its day.

    Due on the last working day that still lets the cover begin in time (BR-18).
    """
    found = session.execute(
        select(Placement, Need.category_code, Need.area_code, Need.owner_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.state == "confirmed", Placement.starts_at.between(now, now + AHEAD))
        .order_by(Placement.starts_at, Placement.id)
    ).all()
    count = 0
    for placement, category, area_code, owner_id in found:
        on = local_date(placement.starts_at)
        if is_covered(session, placement.volunteer_id, on, DEMANDS.get(category)):
            continue
        count += tasks.open_task(
            session,
            "insure",
            ("volunteer", placement.volunteer_id),
            enrol_by(placement.starts_at, now),
            now,
            area_code=area_code,
            owner_id=owner_id,
        )
    return count


def enrol_by(starts_at: datetime, now: datetime) -> datetime:
    """Return until when somebody has to be enrolled for a visit: a working day before it."""
    day = local_date(starts_at) - timedelta(days=1)
    while not is_business_day(day) and day > local_date(now):
        day -= timedelta(days=1)
    return max(now, instant(day, 15 * 60))
