"""Handling a concern: taken up by name, told to a desk, decided by a manager, never removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.halting import let_go
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.people.models import Account
from matching.people.standstill import MANAGER
from matching.people.trust_models import PersonHold, SafeguardingMember
from matching.safeguarding.models import (
    Concern,
    ConcernDecision,
    ConcernPerson,
    ConcernReport,
)
from matching.safeguarding.queries import get_concern
from matching.safeguarding.rules import DECISIONS, LONGEST, METHODS, TRANSITIONS

CHANGED = "この知らせは、ほかの方が先に進めました。画面を開き直してたしかめてください。"
NO_REASON = "判断の理由を入力してください。"
NO_ANSWER = "どこへ、何を伝え、どう言われたかを入力してください。"
LATER = "これからの日時です。伝えた日時を入力してください。"
MANAGERS_ONLY = "再開や終わりを決めるのは、センター長です。"


@dataclass(frozen=True)
class Told:
    """What was told to which desk: when, how, its answer, the next step."""

    told_at: datetime
    desk: str
    method: str
    answer: str
    next_step: str


def acknowledge(session: Session, concern_id: int, actor: Actor, now: datetime) -> Concern:
    """Take a concern up by name; the phone list is not gone through any further."""
    concern = get_concern(session, concern_id, actor)
    if concern.state != "reported":
        raise Conflict(CHANGED, code="state")
    transitions.move(
        session,
        concern,
        TRANSITIONS,
        "acknowledged",
        CHANGED,
        acknowledged_at=now,
        acknowledged_by_id=actor.account_id,
    )
    tasks.close_tasks(session, ("concern", concern.id), now)
    audit.record(session, actor, now, "concern_acknowledged", "concern", concern.id)
    return concern


def log_report(
    session: Session, concern_id: int, told: Told, actor: Actor, now: datetime
) -> ConcernReport:
    """Write down that a desk was told: who, when, where, how, its answer and what comes next."""
    concern = get_concern(session, concern_id, actor)
    if actor.account_id is None:
        raise NotFound
    if told.method not in METHODS or not told.desk.strip() or not told.answer.strip():
        raise Invalid(NO_ANSWER, field="answer")
    if told.told_at > now:
        raise Invalid(LATER, field="told_at")
    made = ConcernReport(
        concern_id=concern.id,
        told_at=told.told_at,
        told_by_id=actor.account_id,
        desk=told.desk.strip()[:200],
        method=told.method,
        answer=told.answer.strip()[:LONGEST],
        next_step=told.next_step.strip()[:2000],
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, now, "concern_told_on", "concern", concern.id, report=made.id)
    return made


def decide(
    session: Session, concern_id: int, decision: str, reason: str, actor: Actor, now: datetime
) -> Concern:
    """Go on with the standstill, or end it and close the concern; a manager's decision, by name."""
    concern = get_concern(session, concern_id, actor)
    if MANAGER not in actor.roles or actor.account_id is None:
        raise Invalid(MANAGERS_ONLY, field="decision")
    if decision not in DECISIONS or not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    if concern.state == "reported":  # who decides has taken it up
        acknowledge(session, concern_id, actor, now)
    session.add(
        ConcernDecision(
            concern_id=concern.id,
            decision=decision,
            reason=reason.strip()[:2000],
            decided_at=now,
            decided_by_id=actor.account_id,
        )
    )
    after = "closed" if decision == "release" else "acknowledged"
    closed_at = now if decision == "release" else None
    transitions.move(session, concern, TRANSITIONS, after, CHANGED, closed_at=closed_at)
    if decision == "release":
        let_go(session, _free_now(session, concern), "safeguarding", actor, now)
    audit.record(session, actor, now, "concern_decided", "concern", concern.id, decision=decision)
    return concern


def _free_now(session: Session, concern: Concern) -> set[int]:
    """Those of a concern whom no other open concern holds."""
    touched = select(ConcernPerson.person_id).where(ConcernPerson.concern_id == concern.id)
    elsewhere = (
        select(ConcernPerson.person_id)
        .join(Concern, Concern.id == ConcernPerson.concern_id)
        .where(Concern.state != "closed", Concern.id != concern.id)
    )
    held = select(PersonHold.person_id).where(
        PersonHold.reason == "safeguarding",
        PersonHold.ended_at.is_(None),
        PersonHold.person_id.in_(touched),
        PersonHold.person_id.not_in(elsewhere),
    )
    return set(session.scalars(held))


def name_member(
    session: Session, login: str, place: int, actor: Actor, now: datetime
) -> SafeguardingMember:
    """Name somebody who may see concerns beside the managers; only a manager does that."""
    if MANAGER not in actor.roles:
        raise NotFound
    account = session.scalar(select(Account).where(Account.login == login.strip().lower()))
    if account is None:
        raise Invalid("そのログイン名の方はいません。", field="login")
    member = session.get(SafeguardingMember, account.id)
    if member is None:
        member = SafeguardingMember(account_id=account.id, named_at=now)
        session.add(member)
    member.place, member.named_by_id = place, actor.account_id
    audit.record(session, actor, now, "safeguarding_named", "account", account.id, place=place)
    return member


def drop_member(session: Session, account_id: int, actor: Actor, now: datetime) -> None:
    """Take somebody's right to see concerns back, at once."""
    if MANAGER not in actor.roles:
        raise NotFound
    member = session.get(SafeguardingMember, account_id)
    if member is not None:
        session.delete(member)
        audit.record(session, actor, now, "safeguarding_dropped", "account", account_id)
