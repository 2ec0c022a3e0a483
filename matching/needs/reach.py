"""Which needs lie within a reach: of an area, brought by a commissioner in term, or my own."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select

from matching.kernel import clock
from matching.kernel.actor import Actor, Grant
from matching.kernel.permissions import Reach
from matching.kernel.visibility import rule
from matching.needs.models import Need
from matching.people.models import WelfareCommissioner
from matching.people.shielding import out_of_sight


@rule(Need)
def needs_within(actor: Actor, grant: Grant, reach: Reach) -> ColumnElement[bool]:
    """Return the condition on needs: those of shielded people for who keeps the secret alone."""
    if reach is Reach.OWN:
        return Need.requester_id == actor.person_id if actor.person_id else false()
    hidden = Need.requester_id.not_in(out_of_sight(actor))
    seen = hidden if actor.person_id is None else hidden | (Need.requester_id == actor.person_id)
    if reach is Reach.FILED:
        return _brought(actor, grant) & seen
    return seen if reach is Reach.ALL else (Need.area_code == grant.area_code) & seen


def _brought(actor: Actor, grant: Grant) -> ColumnElement[bool]:
    """What a commissioner brought, or speaks for, in the district held now (BR-30).

    What was brought within this term from elsewhere, or from an unknown place, stays in sight
    of who wrote it; what was brought for a district held before does not.
    """
    mine = select(WelfareCommissioner.id).where(WelfareCommissioner.person_id == actor.person_id)
    brought = or_(Need.filed_by_id == actor.account_id, Need.commissioner_id.in_(mine))
    if grant.district_code is None:
        return brought
    here = and_(Need.district_code == grant.district_code, brought)
    if grant.since_on is None:
        return here
    since = clock.instant(grant.since_on, 0)
    return or_(here, and_(Need.filed_by_id == actor.account_id, Need.received_at >= since))
