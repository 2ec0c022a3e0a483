"""Changing a registration: what a volunteer says of their own time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from matching.kernel import audit, outbox
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, StaleVersion
from matching.volunteers.models import AvailabilitySlot, DayOff, Volunteer

MOST_DAYS_OFF = 366


def change_availability(
    session: Session,
    volunteer_id: int,
    slots: Sequence[tuple[int, int, int]],
    days_off: Sequence[date],
    version: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Replace the weekly times and the days away; raises StaleVersion for an old form."""
    volunteer = session.get_one(Volunteer, volunteer_id, with_for_update=True)
    if version != str(volunteer.version):
        raise StaleVersion("ほかの画面で先に変更されています。最新の内容をたしかめてください。")
    if len(days_off) > MOST_DAYS_OFF:
        raise Invalid("行けない日は366日までにしてください。", field="dates_off")
    session.execute(delete(AvailabilitySlot).where(AvailabilitySlot.volunteer_id == volunteer_id))
    session.execute(delete(DayOff).where(DayOff.volunteer_id == volunteer_id))
    session.add_all(
        AvailabilitySlot(
            volunteer_id=volunteer_id, weekday=weekday, starts_minute=start, ends_minute=end
        )
        for weekday, start, end in sorted(set(slots))
    )
    session.add_all(DayOff(volunteer_id=volunteer_id, off_on=day) for day in sorted(set(days_off)))
    volunteer.version += 1
    audit.record(session, actor, now, "availability_changed", "volunteer", volunteer_id)
    outbox.plan_soon(session, now)
