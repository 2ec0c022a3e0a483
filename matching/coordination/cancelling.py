"""Taking a placement back: the seat is free again and the need is planned anew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import PLACEMENT_TRANSITIONS, PROPOSAL_TRANSITIONS
from matching.kernel import audit, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.outbox import plan_soon
from matching.kernel.permissions import sees_area
from matching.needs import rules
from matching.needs.queries import lock_need

CHANGED = "この決定はもう変わっています。画面を開き直してたしかめてください。"


def cancel(
    session: Session, placement_id: int, reason: str, actor: Actor, now: datetime
) -> Placement:
    """Cancel a confirmed placement with a reason; the history of it stays."""
    if not reason.strip():
        raise Invalid("取りやめる理由を入力してください。", field="reason")
    lock_proposals(session)
    placement = session.scalar(select(Placement).where(Placement.id == placement_id))
    if placement is None:
        raise NotFound
    need = lock_need(session, placement.need_id)
    if not sees_area(actor, need.area_code):
        raise NotFound
    transitions.move(
        session,
        placement,
        PLACEMENT_TRANSITIONS,
        "cancelled",
        CHANGED,
        cancelled_at=now,
        cancelled_by_id=actor.account_id,
        cancel_reason=reason.strip(),
    )
    proposal = session.get(Proposal, placement.proposal_id) if placement.proposal_id else None
    if proposal is not None and proposal.state == "accepted":
        transitions.move(session, proposal, PROPOSAL_TRANSITIONS, "cancelled", CHANGED)
    if need.state == "matched":
        transitions.move(session, need, rules.TRANSITIONS, "matching", CHANGED)
    audit.record(
        session, actor, now, "placement_cancelled", "placement", placement.id, need=need.id
    )
    plan_soon(session, now)
    return placement
