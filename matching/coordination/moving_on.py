"""A person who has died or moved away: one act, and nothing reaches them any more (BR-37)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.cancelling import take_back
from matching.coordination.halting import coming_visits, halt
from matching.coordination.locking import lock_proposals
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.needs import rules
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.volunteers.models import Volunteer
from matching.volunteers.rules import TRANSITIONS

REASONS = {"deceased": "亡くなられたため", "moved": "転出されたため"}
UNKNOWN = "亡くなられたか、転出されたかを選んでください。"
CHANGED = "この方の状態は、もう変わっています。画面を開き直してたしかめてください。"
CLOSING = (
    "received",
    "triaging",
    "ready",
    "matching",
    "on_hold",
    "matched",
    "in_progress",
    "unmet",
)


def move_on(session: Session, person_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Stop messages, proposals and visits of a person at once, and close what they asked for.

    The other side of each visit is to be phoned, not written to.
    """
    if reason not in REASONS:
        raise Invalid(UNKNOWN, field="reason")
    lock_proposals(session)
    for placement, need in coming_visits(session, person_id, now):
        take_back(session, placement, lock_need(session, need.id), REASONS[reason], actor, now)
        tasks.open_task(
            session,
            "tell_other_side",
            ("placement", placement.id),
            now,
            now,
            area_code=need.area_code,
            owner_id=need.owner_id,
        )
    session.flush()
    halt(session, [person_id], reason, actor, now)
    _close_needs(session, person_id, actor, now)
    _end_registration(session, person_id)
    audit.record(session, actor, now, "person_moved_on", "person", person_id, reason=reason)


def _close_needs(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    waiting = select(Need.id).where(Need.requester_id == person_id, Need.state.in_(CLOSING))
    for need_id in session.scalars(waiting.order_by(Need.id)).all():
        need = lock_need(session, need_id)
        transitions.move(
            session,
            need,
            rules.TRANSITIONS,
            "withdrawn",
            CHANGED,
            owner_id=need.owner_id or actor.account_id,
            next_action=None,
            next_action_on=None,
        )


def _end_registration(session: Session, person_id: int) -> None:
    volunteer = session.scalar(select(Volunteer).where(Volunteer.person_id == person_id))
    if volunteer is not None and volunteer.state != "withdrawn":
        transitions.move(session, volunteer, TRANSITIONS, "withdrawn", CHANGED)
