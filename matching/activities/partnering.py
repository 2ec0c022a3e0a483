"""Partnering: a group's own log-in sees its visits to come, and types who comes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matching.activities.group_models import GroupAgent, GroupVisit
from matching.activities.grouping import NO_GROUP, Roster, bring_on
from matching.activities.models import Activity
from matching.activities.queries import Visit
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, NotFound
from matching.needs.models import Need
from matching.people.models import Account
from matching.people.standstill import held_people
from matching.volunteers.models import Volunteer, VolunteerGroup


def speak_for(
    session: Session, account_id: int, reference: str, actor: Actor, now: datetime
) -> None:
    """Let an account speak for a group; an empty number takes it away."""
    if session.get(Account, account_id) is None:
        raise NotFound
    named = select(VolunteerGroup.id).where(VolunteerGroup.reference == reference)
    group_id = session.scalar(named) if reference else None
    if reference and group_id is None:
        raise Invalid(NO_GROUP, field="group")
    row = session.get(GroupAgent, account_id)
    if row is not None:
        session.delete(row)
        session.flush()
    if group_id is not None:
        session.add(GroupAgent(account_id=account_id, group_id=group_id))
    audit.record(session, actor, now, "group_agent", "account", account_id, group=group_id)


def group_of(session: Session, account_id: int | None) -> VolunteerGroup | None:
    """Return the group for which an account speaks."""
    return session.scalar(
        select(VolunteerGroup)
        .join(GroupAgent, GroupAgent.group_id == VolunteerGroup.id)
        .where(GroupAgent.account_id == account_id)
    )


def active_groups(session: Session) -> Sequence[VolunteerGroup]:
    """Return the groups that are active, by name."""
    active = select(VolunteerGroup).where(VolunteerGroup.state == "active")
    return session.scalars(active.order_by(VolunteerGroup.name)).all()


def visits_ahead(session: Session, actor: Actor, now: datetime) -> Sequence[Visit]:
    """Return the visits to come on which the actor's group comes or could come, nearest first."""
    found = session.execute(_ahead(actor, now).order_by(Placement.starts_at, Placement.id))
    return [(row[0], row[1]) for row in found]


def get_ahead(session: Session, placement_id: int, actor: Actor, now: datetime) -> Visit:
    """Return one of them; what is over, off or of others is not there."""
    row = session.execute(_ahead(actor, now).where(Placement.id == placement_id)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _ahead(actor: Actor, now: datetime) -> Any:
    """A visit is that of the group on its list, else of the group of who goes."""
    own = select(GroupAgent.group_id).where(GroupAgent.account_id == actor.account_id)
    return (
        select(Placement, Activity)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .outerjoin(GroupVisit, GroupVisit.placement_id == Placement.id)
        .where(func.coalesce(GroupVisit.group_id, Volunteer.group_id).in_(own))
        .where(Placement.state.in_(("held", "confirmed")), Placement.starts_at > now)
        .where(func.coalesce(Activity.state, "confirmed") == "confirmed")
        .where(Need.requester_id.not_in(held_people()), Volunteer.person_id.not_in(held_people()))
        .options(
            joinedload(Placement.need), joinedload(Placement.volunteer).joinedload(Volunteer.person)
        )
    )


def bring_own(
    session: Session, placement_id: int, roster: Roster, actor: Actor, now: datetime
) -> GroupVisit:
    """Write down who comes along on a visit of the actor's own group, up to its beginning."""
    lock_proposals(session)
    found, group = get_ahead(session, placement_id, actor, now), group_of(session, actor.account_id)
    if group is None or roster.group_reference != group.reference:
        raise Invalid(NO_GROUP, field="group")
    return bring_on(session, found, roster, actor, now)
