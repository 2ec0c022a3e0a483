"""Withdrawing a consent: what rested on it stops in the same transaction (BR-32)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.halting import coming_visits, stop_asking
from matching.coordination.locking import lock_proposals
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.kernel.outbox import plan_soon
from matching.needs import rules
from matching.needs.models import Need
from matching.people import consenting
from matching.people.queries import consent_state

REVIEW = "同意の取り消しについて、ご本人に確かめる"
CHANGED = "この困りごとは、もう変わっています。画面を開き直してたしかめてください。"


def withdraw(
    session: Session, person_id: int, purpose: str, method: str, actor: Actor, now: datetime
) -> None:
    """Take a consent back; nothing is proposed, told or shown on its ground from here on.

    Agreed visits stay for a person to look at today: taking them away unasked could leave
    somebody without food.
    """
    if purpose not in consenting.PURPOSES:
        raise Invalid("取り消すものを選んでください。", field="purpose")
    lock_proposals(session)
    if consent_state(session, person_id, purpose) == "withdrawn":
        return
    consenting.record(session, person_id, purpose, "withdrawn", method, actor, now)
    if purpose == "coordination_use":
        _stop_asking(session, person_id, now)
    _review_visits(session, person_id, purpose, now)
    audit.record(session, actor, now, "consent_withdrawn", "person", person_id, purpose=purpose)
    plan_soon(session, now)


def _stop_asking(session: Session, person_id: int, now: datetime) -> None:
    """End every proposal to or for the person; their needs wait for a talk."""
    stop_asking(session, person_id)
    needs = session.scalars(
        select(Need)
        .where(Need.requester_id == person_id, Need.state.in_((*rules.PLANNED, *rules.PREVIEWED)))
        .with_for_update(key_share=True)
    )
    for need in needs:
        transitions.move(
            session,
            need,
            rules.TRANSITIONS,
            "on_hold",
            CHANGED,
            next_action=REVIEW,
            next_action_on=None,
        )
        tasks.open_task(
            session, "consent_review", ("need", need.id), now, now, area_code=need.area_code
        )


def _review_visits(session: Session, person_id: int, purpose: str, now: datetime) -> None:
    if purpose not in {"coordination_use", "share_with_volunteer"}:
        return
    for placement, need in coming_visits(session, person_id, now):
        tasks.open_task(
            session,
            "consent_review",
            ("placement", placement.id),
            now,
            now,
            area_code=need.area_code,
            owner_id=need.owner_id,
        )
