"""How activities are found: a visit's row, or the visit itself while nothing is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.models import Activity
from matching.coordination.models import Placement
from matching.coordination.queries import pair_told_of
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.permissions import DESK
from matching.kernel.row_security import at_the_wall
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
    with at_the_wall(session):
        found = session.execute(_visits().where(Placement.id == placement_id)).one_or_none()
    if found is None:
        raise NotFound
    placement, activity = found
    own = actor.person_id is not None and placement.volunteer.person_id == actor.person_id
    if not own and not _at_desk(session, placement_id, actor):
        raise NotFound
    return placement, activity


def _at_desk(session: Session, placement_id: int, actor: Actor) -> bool:
    within = select(Placement.id).where(Placement.id == placement_id)
    return not DESK.isdisjoint(actor.roles) and (
        session.scalar(within.where(pair_told_of(actor, Placement))) is not None
    )


def list_visits(
    session: Session,
    *,
    since: datetime,
    until: datetime,
    actor: Actor | None = None,
    volunteer_id: int | None = None,
) -> Sequence[Visit]:
    """Return the agreed visits (within an actor's reach) of a span of time, earliest first."""
    found = (
        _visits()
        .where(Placement.starts_at >= since, Placement.starts_at < until)
        .where(Placement.state.in_(("confirmed", "done")))
        .order_by(Placement.starts_at, Placement.id)
    )
    if actor is not None:
        found = found.where(pair_told_of(actor, Placement))
    if volunteer_id is not None:
        found = found.where(Placement.volunteer_id == volunteer_id)
    return [(row[0], row[1]) for row in session.execute(found)]


def state_of(activity: Activity | None) -> str:
    """Return where a visit stands; nothing known yet means it is still to come."""
    return activity.state if activity is not None else "confirmed"
