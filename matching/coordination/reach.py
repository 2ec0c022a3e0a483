"""Which people, volunteers, proposals and placements lie within a reach."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from matching.coordination.models import Placement, Proposal
from matching.coordination.plan_models import PairRule, PlanChange
from matching.coordination.rules import OPEN_PROPOSALS
from matching.kernel.actor import Actor, Grant
from matching.kernel.permissions import Reach
from matching.kernel.visibility import rule
from matching.needs import reach as needs
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.people.models import Person
from matching.people.sight import concealed_from
from matching.places.neighbouring import neighbours
from matching.volunteers.models import Volunteer


@rule(Person)
def persons_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on people: those of the area, those who ask there or help there."""
    if reach is Reach.OWN:
        return Person.id == actor.person_id if actor.person_id else false()
    in_sight = Person.id.not_in(concealed_from(actor))
    if reach is Reach.ALL:
        return in_sight
    asking = select(Need.requester_id).where(needs.needs_within(actor, grant, reach))
    if reach is Reach.FILED:
        return Person.id.in_(asking)
    helping = select(Volunteer.person_id).where(volunteers_within(actor, grant, reach))
    here = or_(Person.area_code == grant.area_code, Person.id.in_(asking), Person.id.in_(helping))
    return here & in_sight


@rule(Volunteer)
def volunteers_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on volunteers: who lives there, and who is asked or placed there."""
    if reach is Reach.OWN:
        return Volunteer.person_id == actor.person_id if actor.person_id else false()
    if reach is Reach.FILED:
        return false()
    in_sight = Volunteer.person_id.not_in(concealed_from(actor))
    if reach is Reach.ALL:
        return in_sight
    near = neighbours(grant.area_code or "") if reach is Reach.NEAR else ()
    living = select(Person.id).where(Person.area_code.in_((grant.area_code, *near)))
    here = or_(
        Volunteer.person_id.in_(living),
        Volunteer.id.in_(_meeting(Proposal, Proposal.state.in_(OPEN_PROPOSALS), grant)),
        Volunteer.id.in_(_meeting(Placement, Placement.state != "cancelled", grant)),
    )
    return here & in_sight


def _meeting(model: Any, live: ColumnElement[bool], grant: Grant) -> Select[int]:
    ours = select(Need.id).where(Need.area_code == grant.area_code)
    return select(model.volunteer_id).where(model.need_id.in_(ours), live)


@rule(Proposal)
def proposals_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on proposals: those for needs within reach, or to myself.

    Old ones from a sheet may name a need that is not here: who sees the whole city sees them.
    """
    if reach is Reach.OWN:
        return Proposal.volunteer_id.in_(_mine(actor, grant))
    pair = _pair(Proposal, actor, grant, reach)
    if reach is not Reach.ALL:
        return pair
    return or_(pair, Proposal.need_id.is_(None) & _told_helper(Proposal, actor))


@rule(Placement)
def placements_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on placements: on needs within reach, or of myself."""
    if reach is not Reach.OWN:
        return _pair(Placement, actor, grant, reach)
    asked = select(Need.id).where(needs.needs_within(actor, grant, reach))
    return or_(Placement.need_id.in_(asked), Placement.volunteer_id.in_(_mine(actor, grant)))


@rule(PairRule)
def pair_rules_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on what is held or ruled out: for needs within reach."""
    return _pair(PairRule, actor, grant, reach)


@rule(PlanChange)
def changes_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on what runs changed: for needs within reach."""
    return _pair(PlanChange, actor, grant, reach)


def _pair(model: Any, actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Rows of a need and a volunteer: both known to the reader, the need within reach."""
    needed = select(Need.id).where(needs.needs_within(actor, grant, reach), told_of(actor))
    both: ColumnElement[bool] = model.need_id.in_(needed) & _told_helper(model, actor)
    return both


def _told_helper(model: Any, actor: Actor) -> ColumnElement[bool]:
    hidden = select(Volunteer.id).where(Volunteer.person_id.in_(concealed_from(actor)))
    told: ColumnElement[bool] = model.volunteer_id.not_in(hidden)
    return told


def _mine(actor: Actor, grant: Grant) -> Select[int]:
    return select(Volunteer.id).where(volunteers_within(actor, grant, Reach.OWN))
