"""Which rows the account of a token may know of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload

from matching.coordination import queries as coordination
from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import Actor
from matching.kernel.permissions import DESK, STAFF
from matching.needs.models import Need
from matching.needs.queries import in_sight
from matching.people.models import Person, WelfareCommissioner
from matching.people.standstill import hidden_from
from matching.volunteers.models import Volunteer


def needs_of(actor: Actor) -> Select[Any]:
    """Return the needs within reach: the desk's area, a commissioner's own, my own."""
    found = select(Need).options(joinedload(Need.requester))
    if not DESK.isdisjoint(actor.roles):
        found = found.where(_shown(actor))
        return found.where(Need.area_code == actor.area_code) if actor.area_code else found
    mine = Need.requester_id == actor.person_id
    if "welfare_commissioner" in actor.roles:
        me = select(WelfareCommissioner.id).where(WelfareCommissioner.person_id == actor.person_id)
        return found.where(
            or_(mine, Need.filed_by_id == actor.account_id, Need.commissioner_id.in_(me))
        )
    return found.where(mine)


def volunteers_of(actor: Actor) -> Select[Any]:
    """Return the volunteers within reach: the desk's, or myself."""
    found = select(Volunteer).join(Person).options(joinedload(Volunteer.person))
    if DESK.isdisjoint(actor.roles):
        return found.where(Volunteer.person_id == actor.person_id)
    within = coordination.volunteers_within(actor)
    return found if within is None else found.where(within)


def proposals_of(actor: Actor) -> Select[Any]:
    """Return the proposals within reach: staff's area, or what I am asked."""
    found = select(Proposal).join(Volunteer).options(joinedload(Proposal.volunteer))
    if STAFF.isdisjoint(actor.roles):
        asked = Proposal.state.not_in(("suggested", "selected", "superseded"))
        return found.where(Volunteer.person_id == actor.person_id, asked)
    found = found.where(or_(Proposal.need_id.is_(None), Proposal.need.has(_shown(actor))))
    if actor.area_code:
        found = found.where(Proposal.need.has(Need.area_code == actor.area_code))
    return found


def placements_of(actor: Actor) -> Select[Any]:
    """Return the placements within reach: the desk's area, or where I help or am helped."""
    found = (
        select(Placement)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .options(joinedload(Placement.volunteer), joinedload(Placement.need))
    )
    if not DESK.isdisjoint(actor.roles):
        found = found.where(_shown(actor))
        return found.where(Need.area_code == actor.area_code) if actor.area_code else found
    if actor.person_id is None:
        return found.where(false())
    return found.where(
        or_(Volunteer.person_id == actor.person_id, Need.requester_id == actor.person_id)
    )


def _shown(actor: Actor) -> ColumnElement[bool]:
    """Leave out shielded people and those whose safety is being looked into."""
    return in_sight(actor) & Need.requester_id.not_in(hidden_from(actor))
