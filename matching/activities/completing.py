"""Completing: a need for one visit is over when everybody on it has told how it went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.halting import end_proposals
from matching.coordination.models import Placement, Proposal
from matching.kernel import outbox, transitions
from matching.needs.queries import lock_need
from matching.needs.rules import TRANSITIONS

STALE = "この困りごとは、もう変わっています。画面を開き直してたしかめてください。"


def complete_if_over(session: Session, need_id: int, now: datetime) -> None:
    """Complete a need for one visit when everybody on it has reported.

    Who still holds a place in its queue is told kindly that nobody else is needed.
    """
    need = lock_need(session, need_id)
    if need.state not in {"matched", "in_progress"}:
        return
    open_seats = select(func.count(Placement.id)).where(
        Placement.need_id == need_id, Placement.state.in_(("held", "confirmed"))
    )
    if session.scalar(open_seats):
        return
    transitions.move(session, need, TRANSITIONS, "completed", STALE)
    waiting = select(Proposal.id).where(
        Proposal.need_id == need_id, Proposal.state.in_(("contacted", "waitlisted"))
    )
    for number in session.scalars(waiting.order_by(Proposal.id)).all():
        outbox.enqueue(session, "message", {"kind": "not_needed", "proposal": number}, now)
    end_proposals(session, Proposal.need_id == need_id)
