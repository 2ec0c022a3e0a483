"""Confirming: a named coordinator places a volunteer on a visit, and nobody is booked twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.coordination import placing, queries
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.pairing import fulfil
from matching.coordination.placing import FULL, Choice
from matching.coordination.rules import PLACEMENT_TRANSITIONS, PROPOSAL_TRANSITIONS
from matching.coordination.superseding import supersede
from matching.kernel import audit, clock, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict
from matching.kernel.outbox import plan_soon
from matching.needs import rules
from matching.needs.models import Need
from matching.needs.queries import lock_need

MOVED = "この提案は新しい内容に変わりました。画面を開き直してたしかめてください。"
CHANGED = "この決定はもう変わっています。画面を開き直してたしかめてください。"
TELL_BOTH = "お二人に連絡する"
NOT_READY = "この困りごとは、いまは決定できません。先に「受ける」としてください。"


def confirm(
    session: Session, proposal_id: int, choice: Choice, actor: Actor, now: datetime
) -> Placement:
    """Place the proposed volunteer on one visit.

    Holds the rows of volunteer and need, looks at every gate once more, and leaves the last
    word to the database's constraints; raises Conflict with a sentence when somebody was first.
    A suggestion that a newer run has replaced counts as well: the gates decide, not its age.
    """
    lock_proposals(session)
    proposal = queries.get_proposal(session, proposal_id, actor)
    placing.hold_volunteer(session, proposal.volunteer_id)
    need = lock_need(session, proposal.need_id or 0)
    if need.state not in rules.PLANNED:
        raise Conflict(FULL if need.state == "matched" else NOT_READY, code="state")
    take(session, proposal, actor.account_id, now)
    placement = placing.place(session, need, proposal, choice, actor.account_id, now)
    settle(session, placement, actor, now)
    advance(session, need, TELL_BOTH, actor.account_id, now)
    plan_soon(session, now)
    return placement


def take(session: Session, proposal: Proposal, decided_by_id: int | None, now: datetime) -> None:
    """Mark a proposal as accepted; it no longer counts among what its volunteer is asked."""
    if proposal.state != "accepted":
        transitions.move(
            session,
            proposal,
            PROPOSAL_TRANSITIONS,
            "accepted",
            MOVED,
            decided_by_id=decided_by_id,
            responded_at=now,
        )
    supersede(
        session,
        Proposal.need_id == proposal.need_id,
        Proposal.volunteer_id == proposal.volunteer_id,
    )


def settle(session: Session, placement: Placement, actor: Actor, now: datetime) -> None:
    """Make a held seat a confirmed visit: both sides have agreed, and a person says so."""
    transitions.move(
        session, placement, PLACEMENT_TRANSITIONS, "confirmed", CHANGED, confirmed_at=now
    )
    on = clock.local_date(placement.starts_at)
    fulfil(session, placement.need_id, placement.volunteer_id, on, actor, now)
    audit.record(
        session,
        actor,
        now,
        "placement_confirmed",
        "placement",
        placement.id,
        need=placement.need_id,
        volunteer=placement.volunteer_id,
        proposal=placement.proposal_id,
    )


def advance(
    session: Session, need: Need, next_action: str, owner_id: int | None, now: datetime
) -> None:
    """Bring a need forward after a seat was taken: still in search, or complete."""
    target = "matched" if placing.complete(session, need) else "matching"
    if (need.state, target) == ("matching", "matching"):
        return
    transitions.move(
        session,
        need,
        rules.TRANSITIONS,
        target,
        NOT_READY,
        owner_id=owner_id,
        next_action=next_action,
        next_action_on=clock.local_date(now),
    )
    if target == "matched":
        supersede(session, Proposal.need_id == need.id)


def confirm_planned(
    session: Session, proposal_id: int, actor: Actor, now: datetime
) -> list[Placement]:
    """Place the proposed volunteer on every visit that the plan chose for them, or on none."""
    proposal = queries.get_proposal(session, proposal_id, actor)
    choices = [
        Choice(date.fromisoformat(slot["on"]), slot["planned"])
        for slot in proposal.slots
        if slot["planned"] is not None
    ]
    if not choices:
        raise Conflict(MOVED, code="not_planned")
    return [confirm(session, proposal_id, choice, actor, now) for choice in choices]
