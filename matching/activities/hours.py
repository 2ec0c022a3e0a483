"""Hours of a month: verified visits one by one for a person, in sums for a group or an area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matching.activities.group_models import GroupVisit
from matching.activities.grouping import people_of
from matching.activities.models import Activity
from matching.activities.rules import counted_minutes
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.visibility import visible
from matching.volunteers.models import Volunteer, VolunteerGroup


@dataclass(frozen=True)
class Visited:
    """One visit of a month with its time; `verified` is False while nobody has looked at it."""

    placement: Placement
    minutes: int
    verified: bool


@dataclass(frozen=True)
class Helper:
    """What one person gave in a month: visits and counted minutes, verified ones only."""

    volunteer: Volunteer
    visits: int
    minutes: int


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of a day's month."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)


def visits_of_month(session: Session, volunteer_id: int, month: date) -> list[Visited]:
    """Return the reported and verified visits of a volunteer in a month, earliest first."""
    rows = session.execute(
        _told(month)
        .where(Placement.volunteer_id == volunteer_id)
        .where(Activity.state.in_(("reported", "verified")))
        .options(joinedload(Placement.need))
        .order_by(Placement.starts_at)
    )
    return [
        Visited(placement, counted_minutes(activity.minutes or 0), activity.state == "verified")
        for placement, activity in rows
    ]


def helpers_of_month(
    session: Session, month: date, actor: Actor, group_id: int | None = None
) -> list[Helper]:
    """Return what each person within an actor's reach (and of a group) gave in a month."""
    quarters = func.greatest(15, 15 * func.div(Activity.minutes + 7, 15))
    found = (
        _told(month)
        .with_only_columns(Placement.volunteer_id, func.count(), func.sum(quarters))
        .where(Activity.state == "verified", visible(Placement, actor, "desk.read"))
        .group_by(Placement.volunteer_id)
    )
    counted = {row[0]: (int(row[1]), int(row[2])) for row in session.execute(found)}
    people = select(Volunteer).where(Volunteer.id.in_(counted))
    if group_id is not None:
        people = people.where(Volunteer.group_id == group_id)
    rows = session.scalars(
        people.options(joinedload(Volunteer.person)).order_by(Volunteer.reference)
    )
    return [Helper(each, *counted[each.id]) for each in rows]


def _told(month: date) -> Any:
    first, last = month_of(month)
    return (
        select(Placement, Activity)
        .join(Activity, Activity.placement_id == Placement.id)
        .where(Placement.starts_at >= clock.instant(first, 0))
        .where(Placement.starts_at < clock.instant(last, 24 * 60))
    )


@dataclass(frozen=True)
class Together:
    """What a group gave in a month: visits, people each time, and minutes of all of them."""

    visits: int
    people: int
    minutes: int


def group_of_month(session: Session, month: date, actor: Actor, group_id: int) -> Together:
    """Return what a group gave in a month with everybody on its lists; verified visits only."""
    rows = session.execute(
        _told(month)
        .with_only_columns(GroupVisit, Activity.minutes)
        .join(GroupVisit, GroupVisit.placement_id == Placement.id)
        .where(GroupVisit.group_id == group_id, Activity.state == "verified")
        .where(visible(Placement, actor, "desk.read"))
    ).all()
    counted = [(people_of(visit), counted_minutes(minutes or 0)) for visit, minutes in rows]
    people, minutes = sum(each[0] for each in counted), sum(n * m for n, m in counted)
    return Together(len(counted), people, minutes)


def groups(session: Session) -> Sequence[VolunteerGroup]:
    """Return the groups that have members among the volunteers, by their name."""
    members = select(Volunteer.group_id).where(Volunteer.group_id.is_not(None))
    return session.scalars(
        select(VolunteerGroup).where(VolunteerGroup.id.in_(members)).order_by(VolunteerGroup.name)
    ).all()
