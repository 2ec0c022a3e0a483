"""Which rows the account of a token may know of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import joinedload

from matching.coordination import queries as coordination
from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import Actor
from matching.kernel.permissions import DESK, STAFF
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.people.models import Person, WelfareCommissioner
from matching.volunteers.models import Volunteer


def needs_of(actor: Actor) -> Select[Any]:
    """Return the needs within reach: the desk's area, a commissioner's own, my own."""
    found = select(Need).options(joinedload(Need.requester))
    if not DESK.isdisjoint(actor.roles):
        found = found.where(told_of(actor))
        return found.where(Need.area_code == actor.area_code) if actor.area_code else found
    mine = Need.requester_id == actor.person_id
    if "welfare_commissioner" in actor.roles:
        me = select(WelfareCommissioner.id).where(WelfareCommissioner.person_id == actor.person_id)
        brought = or_(Need.filed_by_id == actor.account_id, Need.commissioner_id.in_(me))
        return found.where(or_(mine, brought & told_of(actor)))
    return found.where(mine)


def volunteers_of(actor: Actor) -> Select[Any]:
    """Return the volunteers within reach: the desk's, or myself."""
    found = select(Volunteer).join(Person).options(joinedload(Volunteer.person))
    if DESK.isdisjoint(actor.roles):
        return found.where(Volunteer.person_id == actor.person_id)
    return found.where(coordination.volunteers_within(actor))


def proposals_of(actor: Actor) -> Select[Any]:
    """Return the proposals within reach: staff's area, or what I am asked."""
    found = select(Proposal).join(Volunteer).options(joinedload(Proposal.volunteer))
    if STAFF.isdisjoint(actor.roles):
        asked = Proposal.state.not_in(("suggested", "selected", "superseded"))
        return found.where(Volunteer.person_id == actor.person_id, asked)
    told = coordination.pair_told_of(actor, Proposal)
    if actor.area_code is None:  # a sheet's old proposals have no need and belong to no area
        told = or_(told, Proposal.need_id.is_(None) & coordination.helper_told_of(actor, Proposal))
    return found.where(told)


def placements_of(actor: Actor) -> Select[Any]:
    """Return the placements within reach: the desk's area, or where I help or am helped."""
    found = (
        select(Placement)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .options(joinedload(Placement.volunteer), joinedload(Placement.need))
    )
    if not DESK.isdisjoint(actor.roles):
        return found.where(coordination.pair_told_of(actor, Placement))
    if actor.person_id is None:
        return found.where(false())
    return found.where(
        or_(Volunteer.person_id == actor.person_id, Need.requester_id == actor.person_id)
    )
