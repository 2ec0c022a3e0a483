"""Approving: of a need of the third level of risk nothing is asked before a manager agrees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.permissions import may
from matching.needs.approval_models import APPROVAL_MOVES, NeedApproval
from matching.needs.models import Need
from matching.needs.queries import get_need, lock_need
from matching.needs.rules import TRANSITIONS, answer_due_at
from matching.places.calendar import add_business_days

LEVEL = "R3"
NO_REASON = "承認する、または見送る理由を入力してください。"
STALE = "この承認は、もう決まっています。画面を開き直してたしかめてください。"
NOT_YET = (
    "リスクの段階がR3の困りごとです。センター長の承認がすんでから、お願いや決定をしてください。"
)
NOT_AGREED = "センター長が見送りました。見立てからやり直してください。"
THINK_AGAIN = "センター長が見送ったので、受け方を考え直す"


def find_approval(session: Session, need_id: int) -> NeedApproval | None:
    """Return what was said of a need; None where it needs nobody's approval."""
    return session.scalar(select(NeedApproval).where(NeedApproval.need_id == need_id))


def check_approved(session: Session, need: Need) -> None:
    """Refuse to ask or place anybody for what waits for a manager (BR-08)."""
    found = session.execute(
        select(NeedApproval.state).where(NeedApproval.need_id == need.id)
    ).scalar()
    if found in {None, "approved"}:
        return
    raise Conflict(NOT_AGREED if found == "refused" else NOT_YET, code="approval")


def ask_approval(session: Session, need: Need, reason: str, actor: Actor, now: datetime) -> None:
    """Ask a manager to look at a need; a manager who decides it with a reason has looked."""
    row = find_approval(session, need.id)
    if row is None:
        row = NeedApproval(need_id=need.id, state="asked", asked_at=now)
        session.add(row)
    elif row.state != "asked":
        transitions.move(
            session, row, APPROVAL_MOVES, "asked", STALE, decided_at=None, decided_by_id=None,
            asked_at=now,
        )  # fmt: skip
    row.asked_by_id = actor.account_id
    session.flush()
    audit.record(session, actor, now, "approval_asked", "need", need.id)
    if reason.strip() and may(actor, "need.approve"):
        _decide(session, need, row, "approved", reason, actor, now)
        return
    open_approval_task(session, need, now)


def open_approval_task(session: Session, need: Need, now: datetime) -> int:
    """Put the approval on the worklist; returns how many tasks that opened."""
    return tasks.open_task(
        session,
        "approval",
        ("need", need.id),
        answer_due_at(need.urgency, now),
        now,
        area_code=need.area_code,
    )


def decide_approval(
    session: Session, reference: str, agreed: bool, reason: str, actor: Actor, now: datetime
) -> NeedApproval:
    """Write down a manager's yes or no; after a no the need goes back to who triaged it."""
    need = lock_need(session, get_need(session, reference, actor).id)
    row = find_approval(session, need.id)
    if row is None:
        raise NotFound
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    _decide(session, need, row, "approved" if agreed else "refused", reason, actor, now)
    if not agreed and "on_hold" in TRANSITIONS[need.state]:
        transitions.move(
            session,
            need,
            TRANSITIONS,
            "on_hold",
            STALE,
            owner_id=row.asked_by_id,
            next_action=THINK_AGAIN,
            next_action_on=add_business_days(local_date(now), 1),
        )
    return row


def _decide(
    session: Session,
    need: Need,
    row: NeedApproval,
    state: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    transitions.move(
        session, row, APPROVAL_MOVES, state, STALE, decided_at=now, decided_by_id=actor.account_id
    )
    row.reason = reason.strip()[:1000]
    tasks.close_tasks(session, ("need", need.id), now, kinds=("approval",))
    audit.record(session, actor, now, "approval_decided", "need", need.id, state=state)
