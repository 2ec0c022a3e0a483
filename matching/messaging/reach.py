"""Which messages lie within a reach: of the needs that an office works on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select

from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import Actor, Grant
from matching.kernel.permissions import Reach
from matching.kernel.visibility import rule
from matching.messaging.models import Message
from matching.needs.models import Need
from matching.needs.reach import needs_within
from matching.people.sight import concealed_from


@rule(Message)
def messages_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on messages: to people who are not out of sight, about our needs."""
    if reach is Reach.OWN:
        return Message.person_id == actor.person_id if actor.person_id else false()
    in_sight = Message.person_id.not_in(concealed_from(actor))
    if reach is Reach.ALL:
        return in_sight
    ours = select(Need.id).where(needs_within(actor, grant, reach))
    about = or_(
        Message.proposal_id.in_(select(Proposal.id).where(Proposal.need_id.in_(ours))),
        Message.placement_id.in_(select(Placement.id).where(Placement.need_id.in_(ours))),
    )
    return about & in_sight
