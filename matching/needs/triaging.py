"""Triage: a named person decides what becomes of a need, why, and what comes next (BR-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.catalogue.models import Category
from matching.kernel import audit, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, StaleVersion
from matching.kernel.outbox import plan_soon
from matching.needs.models import Need, NeedNote
from matching.needs.queries import get_need, lock_need
from matching.needs.rules import TRANSITIONS

OUTCOMES = {
    "accept": "ready",
    "hold": "on_hold",
    "refer": "referred",
    "decline": "declined",
    "duplicate": "duplicate",
    "withdraw": "withdrawn",
}
LATE = "ほかの方が先にこの困りごとを進めました。画面を開き直してたしかめてください。"


@dataclass(frozen=True)
class Decision:
    """What a coordinator decided; `version` is that of the form that was open."""

    outcome: str
    reason: str
    next_action: str
    next_action_on: date | None
    version: int


def triage(
    session: Session, reference: str, decision: Decision, actor: Actor, now: datetime
) -> Need:
    """Bring a need out of triage; accepted ones wait for the planner from this moment.

    Raises Invalid for BR-06 and BR-07, StaleVersion if the need changed meanwhile.
    """
    need = lock_need(session, get_need(session, reference, actor).id)
    if need.version != decision.version:
        raise StaleVersion(LATE)
    target = OUTCOMES[decision.outcome]
    _check(session, need, decision)
    if need.state == "received":
        transitions.move(session, need, TRANSITIONS, "triaging", LATE)
    transitions.move(
        session,
        need,
        TRANSITIONS,
        target,
        LATE,
        owner_id=actor.account_id,
        next_action=decision.next_action,
        next_action_on=decision.next_action_on,
    )
    note = _write_down(session, need, decision, actor, now)
    audit.record(
        session, actor, now, "need_triaged", "need", need.id, outcome=decision.outcome, note=note
    )
    if target == "ready":
        plan_soon(session, now)
    return need


def _write_down(
    session: Session, need: Need, decision: Decision, actor: Actor, now: datetime
) -> int | None:
    """Keep the reason and return its number; the audit trail itself holds no text."""
    if not decision.reason.strip():
        return None
    note = NeedNote(
        need_id=need.id,
        written_at=now,
        written_by_id=actor.account_id,
        kind="triage",
        body=decision.reason.strip(),
    )
    session.add(note)
    session.flush()
    return note.id


def _check(session: Session, need: Need, decision: Decision) -> None:
    if decision.outcome != "accept" and not decision.reason.strip():
        raise Invalid("理由を入力してください。あとで説明するときに使います。", field="reason")
    if not decision.next_action.strip():
        raise Invalid("次にすることを入力してください。", field="next_action")
    if decision.outcome != "accept":
        return
    if session.get_one(Category, need.category_code).risk_level == "R9":
        raise Invalid(
            "この内容はボランティアではお受けできません。「ほかの窓口へ」を選び、窓口を案内してください。",
            field="outcome",
        )
    if need.start_on is None:
        raise Invalid("希望日が決まっていません。日を決めてから受けてください。", field="outcome")
