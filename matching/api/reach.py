"""Which rows the account of a token may know of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import Actor
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.people.models import Person
from matching.volunteers.models import Volunteer

UNSENT = ("suggested", "selected", "superseded")


def needs_of(actor: Actor) -> Select[Any]:
    """Return the needs within reach: the desk's, a commissioner's own, my own."""
    told = visible(Need, actor, "need.read", "commissioner.read") & told_of(actor)
    found = select(Need).options(joinedload(Need.requester))
    return found.where(or_(told, visible(Need, actor, "my.read")))


def volunteers_of(actor: Actor) -> Select[Any]:
    """Return the volunteers within reach: the desk's, or myself."""
    found = select(Volunteer).join(Person).options(joinedload(Volunteer.person))
    return found.where(visible(Volunteer, actor, "volunteer.read", "my.read"))


def proposals_of(actor: Actor) -> Select[Any]:
    """Return the proposals within reach: staff's, or what I am asked."""
    found = select(Proposal).join(Volunteer).options(joinedload(Proposal.volunteer))
    asked = visible(Proposal, actor, "my.read") & Proposal.state.not_in(UNSENT)
    return found.where(or_(visible(Proposal, actor, "need.candidates"), asked))


def placements_of(actor: Actor) -> Select[Any]:
    """Return the placements within reach: the desk's, or where I help or am helped."""
    found = (
        select(Placement)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .options(joinedload(Placement.volunteer), joinedload(Placement.need))
    )
    return found.where(visible(Placement, actor, "activity.read", "my.read"))
