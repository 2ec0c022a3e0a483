"""How activities are found: a visit's row, or the visit itself while nothing is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.models import Activity
from matching.coordination.models import Placement
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.permissions import DESK, sees_area
from matching.needs.models import Need
from matching.volunteers.models import Volunteer

Visit = tuple[Placement, Activity | None]


def _visits() -> Any:
    return (
        select(Placement, Activity)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .options(
            joinedload(Placement.need).joinedload(Need.requester),
            joinedload(Placement.volunteer).joinedload(Volunteer.person),
        )
    )


def get_visit(session: Session, placement_id: int, actor: Actor) -> Visit:
    """Return a visit for who may write of it: its volunteer, or the desk within reach."""
    found = session.execute(_visits().where(Placement.id == placement_id)).one_or_none()
    if found is None:
        raise NotFound
    placement, activity = found
    own = actor.person_id is not None and placement.volunteer.person_id == actor.person_id
    desk = not DESK.isdisjoint(actor.roles) and sees_area(actor, placement.need.area_code)
    if not (own or desk):
        raise NotFound
    return placement, activity


def list_visits(
    session: Session,
    *,
    since: datetime,
    until: datetime,
    area_code: str | None = None,
    volunteer_id: int | None = None,
) -> Sequence[Visit]:
    """Return the agreed visits that start in a span of time, earliest first."""
    found = (
        _visits()
        .where(Placement.starts_at >= since, Placement.starts_at < until)
        .where(Placement.state.in_(("confirmed", "done")))
        .order_by(Placement.starts_at, Placement.id)
    )
    if area_code is not None:
        found = found.where(Placement.need.has(Need.area_code == area_code))
    if volunteer_id is not None:
        found = found.where(Placement.volunteer_id == volunteer_id)
    return [(row[0], row[1]) for row in session.execute(found)]


def state_of(activity: Activity | None) -> str:
    """Return where a visit stands; nothing known yet means it is still to come."""
    return activity.state if activity is not None else "confirmed"
