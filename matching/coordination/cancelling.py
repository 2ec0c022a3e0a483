"""Taking a placement back: the seat is free again and the need is planned anew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.queries import not_begun, pair_told_of
from matching.coordination.quota import notice_pattern
from matching.coordination.rules import PLACEMENT_TRANSITIONS, PROPOSAL_TRANSITIONS
from matching.kernel import audit, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.outbox import plan_soon
from matching.kernel.row_security import at_the_wall
from matching.needs import rules
from matching.needs.models import Need
from matching.needs.queries import lock_need

LONGEST = 200
BEGUN = "もう始まった活動です。活動の画面で、そのようすを記録してください。"
CHANGED = "この決定はもう変わっています。画面を開き直してたしかめてください。"


def cancel(
    session: Session, placement_id: int, reason: str, actor: Actor, now: datetime
) -> Placement:
    """Cancel a placement with a reason; the history of it stays."""
    if not reason.strip():
        raise Invalid("取りやめる理由を入力してください。", field="reason")
    lock_proposals(session)
    found = select(Placement).where(Placement.id == placement_id)
    with at_the_wall(session):
        placement = session.scalar(found.where(pair_told_of(actor, Placement)))
    if placement is None:
        raise NotFound
    if not session.scalar(select(not_begun()).where(Placement.id == placement.id)):
        raise Conflict(BEGUN, code="state")
    need = lock_need(session, placement.need_id)
    agreed = placement.state == "confirmed"
    take_back(session, placement, need, reason.strip(), actor, now)
    if agreed:
        message = {"kind": "cancelled", "placement": placement.id}
        outbox.tell_at_once(session, message, now)
    return placement


def take_back(
    session: Session, placement: Placement, need: Need, reason: str, actor: Actor, now: datetime
) -> None:
    """Free the seat of a placement whose need is locked; who waits in the queue comes to mind."""
    transitions.move(
        session,
        placement,
        PLACEMENT_TRANSITIONS,
        "cancelled",
        CHANGED,
        cancelled_at=now,
        cancelled_by_id=actor.account_id,
    )
    placement.cancel_reason = reason[:LONGEST]
    _end_proposal(session, placement)
    notice_pattern(session, placement, now)
    if need.state == "matched":
        transitions.move(session, need, rules.TRANSITIONS, "matching", CHANGED)
    if session.scalar(select(exists().where(_waits_for(need)))):
        tasks.open_task(session, "waitlist", ("need", need.id), now, now, area_code=need.area_code)
    audit.record(
        session, actor, now, "placement_cancelled", "placement", placement.id, need=need.id
    )
    plan_soon(session, now)


def _end_proposal(session: Session, placement: Placement) -> None:
    """End the proposal behind a placement when no other visit of it stands."""
    others = select(Placement.id).where(
        Placement.proposal_id == placement.proposal_id, Placement.state != "cancelled"
    )
    proposal = session.get(Proposal, placement.proposal_id) if placement.proposal_id else None
    if proposal is None or proposal.state != "accepted" or session.scalar(others.limit(1)):
        return
    transitions.move(session, proposal, PROPOSAL_TRANSITIONS, "cancelled", CHANGED)


def _waits_for(need: Need) -> ColumnElement[bool]:
    return (Proposal.need_id == need.id) & (Proposal.state == "waitlisted")
