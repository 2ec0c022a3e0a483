"""Ties: what ties a reader to the resident of a need at this moment, read from the rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.coordination.stages import Tie
from matching.kernel.actor import Actor
from matching.kernel.permissions import DESK, STAFF, sees_area
from matching.needs.models import Need
from matching.needs.rules import OPEN
from matching.people.models import WelfareCommissioner
from matching.people.queries import agrees, consent_state
from matching.people.shielding import keeps, shield_of
from matching.people.standstill import held, is_insider
from matching.volunteers.models import Volunteer

# What is over still waits to be closed, asked about or answered by the office it went to.
IN_QUEUE = (*OPEN, "matched", "in_progress", "completed", "referred", "unmet")
Subject = Need | Proposal | Placement


def tie_of(session: Session, actor: Actor, subject: Subject, need: Need, *, told: bool) -> Tie:
    """Return the closest tie of a reader to the resident; none means a stranger."""
    person_id = need.requester_id
    relation, state, ends_at = _relation(session, actor, subject, need)
    reasons = held(session, [person_id]).get(person_id, set())
    if relation in {"desk", "clerk"}:
        stopped = "safeguarding" in reasons and not is_insider(session, actor)
    else:
        stopped = bool(reasons)
    return Tie(
        relation=relation,
        state=state,
        ends_at=ends_at,
        consented=_lets_know(session, person_id, relation),
        held=stopped,
        shielded=shield_of(session, person_id) is not None,
        keeper=keeps(session, actor, person_id),
        in_queue=in_queue(need, actor),
        told=told,
    )


def in_queue(need: Need, actor: Actor) -> bool:
    """Tell whether a need is work of the desk now, or of this reader by name."""
    return need.state in IN_QUEUE or need.owner_id == actor.account_id


def _lets_know(session: Session, person_id: int, relation: str) -> bool:
    """A volunteer is told on a yes; who brought a person hears the result unless they say no."""
    if relation == "commissioner":
        said = consent_state(session, person_id, "share_with_commissioner")
        return said not in {"refused", "withdrawn", "expired"}
    return agrees(session, person_id, "share_with_volunteer")


def _relation(
    session: Session, actor: Actor, subject: Subject, need: Need
) -> tuple[str, str, datetime | None]:
    if actor.person_id is not None and actor.person_id == need.requester_id:
        return "self", "", None
    if isinstance(subject, Proposal | Placement) and _is_mine(session, actor, subject):
        ends_at = subject.ends_at if isinstance(subject, Placement) else None
        return "volunteer", subject.state, ends_at
    if not DESK.isdisjoint(actor.roles) and sees_area(actor, need.area_code):
        return ("clerk" if STAFF.isdisjoint(actor.roles) else "desk"), "", None
    if "welfare_commissioner" in actor.roles and _brought(session, actor, need):
        return "commissioner", "", None
    return "none", "", None


def _is_mine(session: Session, actor: Actor, subject: Proposal | Placement) -> bool:
    mine = select(Volunteer.id).where(
        Volunteer.id == subject.volunteer_id, Volunteer.person_id == actor.person_id
    )
    return actor.person_id is not None and session.scalar(mine) is not None


def _brought(session: Session, actor: Actor, need: Need) -> bool:
    """Whether a commissioner filed the need or is named in it (BR-30)."""
    me = select(WelfareCommissioner.id).where(WelfareCommissioner.person_id == actor.person_id)
    mine = or_(Need.filed_by_id == actor.account_id, Need.commissioner_id.in_(me))
    return session.scalar(select(Need.id).where(Need.id == need.id, mine)) is not None
