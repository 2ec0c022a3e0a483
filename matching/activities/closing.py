"""Closing a need: with a reason, everybody told, whoever helped thanked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.activities.follow_models import FollowUp, NeedClosure
from matching.activities.follow_rules import CLOSURES
from matching.activities.leaving import open_for
from matching.activities.rules import same_business_day
from matching.coordination.cancelling import take_back
from matching.coordination.halting import end_proposals
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.moving_on import move_on
from matching.coordination.queries import not_begun
from matching.kernel import audit, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, StaleVersion
from matching.needs.models import Need
from matching.needs.noting import note_down
from matching.needs.queries import get_need, lock_need
from matching.needs.rules import TRANSITIONS

NO_REASON = "終わりにする理由を選んでください。"
STALE = "ほかの画面で先に変更されています。最新の内容をたしかめてください。"
NOT_YET = "見立てが済んでいない困りごとは、見立ての画面で終わりにしてください。"
OVER = "この困りごとは、もう終わっています。"
RUNNING = ("ready", "matching", "matched", "in_progress", "on_hold")
LEFT = {"deceased": "deceased", "moved": "moved"}


def close(
    session: Session,
    reference: str,
    reason: str,
    said: str,
    version: str,
    actor: Actor,
    now: datetime,
) -> Need:
    """Close a need for a reason: what is still to come is called off, who helped is thanked.

    Someone who died or moved away is put on hold everywhere in the same act (BR-37).
    """
    if reason not in CLOSURES:
        raise Invalid(NO_REASON, field="reason")
    lock_proposals(session)
    need = lock_need(session, get_need(session, reference, actor).id)
    if version != str(need.version):
        raise StaleVersion(STALE)
    if need.state in {"received", "triaging"}:
        raise Conflict(NOT_YET, code="state")
    if need.state == "closed":
        raise Conflict(OVER, code="state")
    _call_off(session, need, reason, actor, now)
    if reason in LEFT:
        move_on(session, need.requester_id, LEFT[reason], actor, now)
        need = lock_need(session, need.id)
    _end(session, need, reason, said, actor, now)
    _thank(session, need, reason, now)
    return need


def _call_off(session: Session, need: Need, reason: str, actor: Actor, now: datetime) -> None:
    coming = session.scalars(
        select(Placement)
        .where(Placement.need_id == need.id, Placement.state.in_(("held", "confirmed")))
        .where(Placement.starts_at > now, not_begun())
        .order_by(Placement.id)
    ).all()
    for placement in coming:
        take_back(session, placement, need, f"closed:{reason}", actor, now)
        tasks.close_tasks(session, ("placement", placement.id), now)
        open_for(session, "tell_volunteer", placement, need, now, now)
    end_proposals(session, Proposal.need_id == need.id)


def _end(session: Session, need: Need, reason: str, said: str, actor: Actor, now: datetime) -> None:
    note_down(session, need.id, "note", said, actor, now)
    if need.state in RUNNING:
        transitions.move(session, need, TRANSITIONS, "completed", STALE)
    if need.state != "closed":
        transitions.move(
            session,
            need,
            TRANSITIONS,
            "closed",
            STALE,
            closed_at=now,
            next_action=None,
            next_action_on=None,
        )
    session.add(
        NeedClosure(need_id=need.id, reason=reason, closed_at=now, closed_by_id=actor.account_id)
    )
    tasks.close_tasks(session, ("need", need.id), now)
    for follow_up_id in session.scalars(select(FollowUp.id).where(FollowUp.need_id == need.id)):
        tasks.close_tasks(session, ("follow_up", follow_up_id), now)
    audit.record(session, actor, now, "need_closed", "need", need.id, reason=reason)


def _thank(session: Session, need: Need, reason: str, now: datetime) -> None:
    """Thank whoever went, by the last visit of each; a death is told by voice, never in writing."""
    last = session.scalars(
        select(func.max(Placement.id))
        .where(Placement.need_id == need.id, Placement.state == "done")
        .group_by(Placement.volunteer_id)
    ).all()
    for placement_id in sorted(last):
        if reason == "deceased":
            placement = session.get_one(Placement, placement_id)
            open_for(session, "volunteer_care", placement, need, same_business_day(now), now)
        else:
            outbox.enqueue(session, "message", {"kind": "thanks", "placement": placement_id}, now)
