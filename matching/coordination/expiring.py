"""Expiring: what was asked and not answered in time makes room for the next person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.answering import give_up
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Proposal
from matching.kernel import audit
from matching.kernel.actor import SYSTEM
from matching.needs.queries import lock_need


def expire_offers(session: Session, now: datetime) -> int:
    """Take every offer whose time is over as unanswered (BR-16); returns how many."""
    lock_proposals(session)
    over = session.scalars(
        select(Proposal)
        .where(Proposal.state == "contacted", Proposal.expires_at <= now)
        .order_by(Proposal.expires_at, Proposal.id)
    ).all()
    for proposal in over:
        need = lock_need(session, proposal.need_id or 0)
        give_up(session, proposal, need, now)
        audit.record(session, SYSTEM, now, "offer_expired", "proposal", proposal.id, need=need.id)
    return len(over)
