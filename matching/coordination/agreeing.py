"""Agreeing: before a first visit the resident says yes or no to the person who would come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.coordination import confirming, queries
from matching.coordination.cancelling import take_back
from matching.coordination.contacting import note_contact
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import PROPOSAL_TRANSITIONS
from matching.kernel import audit, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict
from matching.needs.models import Need
from matching.needs.queries import lock_need

NOTHING_HELD = "了解を待っている活動は、もうありません。画面を開き直してたしかめてください。"


def resident_agrees(
    session: Session, proposal_id: int, channel: str, said: str, actor: Actor, now: datetime
) -> Sequence[Placement]:
    """Write down the resident's yes to the person: held seats become confirmed visits.

    Those who were asked for the same need and are no longer needed are told kindly.
    """
    proposal, need, held = _held(session, proposal_id, actor)
    note_contact(session, proposal, need.requester_id, channel, "yes", actor, now, said)
    for placement in held:
        confirming.settle(session, placement, actor, now)
    outbox.enqueue(session, "message", {"kind": "confirmed", "proposal": proposal.id}, now)
    tasks.close_tasks(session, ("proposal", proposal.id), now, kinds=("tell_resident",))
    if need.state == "matched":
        _thank_the_others(session, need, actor, now)
    return held


def resident_declines(
    session: Session, proposal_id: int, channel: str, said: str, actor: Actor, now: datetime
) -> None:
    """Write down the resident's no to the person: the seats are free again, nobody is blamed."""
    proposal, need, held = _held(session, proposal_id, actor)
    note_contact(session, proposal, need.requester_id, channel, "no", actor, now, said)
    for placement in held:
        take_back(session, placement, need, "resident_declined", actor, now)
    tasks.close_tasks(session, ("proposal", proposal.id), now, kinds=("tell_resident",))
    outbox.enqueue(session, "message", {"kind": "not_needed", "proposal": proposal.id}, now)


def _held(
    session: Session, proposal_id: int, actor: Actor
) -> tuple[Proposal, Need, Sequence[Placement]]:
    lock_proposals(session)
    proposal = queries.get_to_agree(session, proposal_id, actor)
    need = lock_need(session, proposal.need_id or 0)
    held = session.scalars(
        select(Placement)
        .where(Placement.proposal_id == proposal.id, Placement.state == "held")
        .options(joinedload(Placement.volunteer))
        .order_by(Placement.starts_at)
    ).all()
    if not held:
        raise Conflict(NOTHING_HELD, code="state")
    return proposal, need, held


def _thank_the_others(session: Session, need: Need, actor: Actor, now: datetime) -> None:
    """End what was still asked for a need that is complete; who said yes keeps their place."""
    asked = session.scalars(
        select(Proposal).where(Proposal.need_id == need.id, Proposal.state == "contacted")
    ).all()
    for proposal in asked:
        transitions.move(session, proposal, PROPOSAL_TRANSITIONS, "cancelled", NOTHING_HELD)
        outbox.enqueue(session, "message", {"kind": "not_needed", "proposal": proposal.id}, now)
        audit.record(session, actor, now, "offer_ended", "proposal", proposal.id, need=need.id)
