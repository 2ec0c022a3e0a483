"""Triage: a named person decides what becomes of a need, why, and what comes next (BR-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import column, exists, select, table
from sqlalchemy.orm import Session

from matching.catalogue.models import Category
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid, StaleVersion
from matching.kernel.outbox import plan_soon
from matching.needs import snow
from matching.needs.approving import LEVEL, ask_approval
from matching.needs.models import Need
from matching.needs.noting import note_down
from matching.needs.queries import get_need, lock_need
from matching.needs.referral_models import NeedAssessment
from matching.needs.referring import ANSWER_DAYS, refer
from matching.needs.rules import TRANSITIONS, answer_due_at
from matching.places.calendar import add_business_days

OUTCOMES = {
    "accept": "ready",
    "accept_with_conditions": "ready",
    "accept_and_refer": "ready",
    "hold": "on_hold",
    "refer": "referred",
    "decline": "declined",
    "duplicate": "duplicate",
    "withdraw": "withdrawn",
}
REFERRED = ("refer", "accept_and_refer")
TRIAGED = ("received", "triaging", "on_hold")
SETTLED = (
    "見立ては、もう済んでいます。"
    "やめるときは、困りごとの画面の「この困りごとを終わりにする」を使ってください。"
)
LATE = "ほかの方が先にこの困りごとを進めました。画面を開き直してたしかめてください。"

FARTHEST = timedelta(days=731)

_VISITS = table("placements", column("need_id"), column("state"), column("starts_at"))


@dataclass(frozen=True)
class Decision:
    """What a coordinator decided; `version` is that of the form that was open.

    `desks` are asked where it is referred (the category's own where none is named). What is None
    of the rest was not looked at.
    """

    outcome: str
    reason: str
    next_action: str
    next_action_on: date | None
    version: int
    desks: tuple[str, ...] = ()
    reason_code: str | None = None
    urgency: str | None = None
    risk_level: str | None = None
    site_check: str | None = None


def triage(
    session: Session, reference: str, decision: Decision, actor: Actor, now: datetime
) -> Need:
    """Bring a need out of triage; accepted ones wait for the planner from this moment.

    Raises Invalid for BR-06 and BR-07, Conflict where triage is over, StaleVersion if the need
    changed meanwhile.
    """
    need = lock_need(session, get_need(session, reference, actor).id)
    if need.version != decision.version:
        raise StaleVersion(LATE)
    if need.state not in TRIAGED:  # people are asked already, or it is over: see `closing`
        raise Conflict(SETTLED, code="state")
    target = OUTCOMES[decision.outcome]
    if target not in {"ready", "on_hold"} and _is_awaited(session, need, now):
        raise Conflict(SETTLED, code="state")
    _check(session, need, decision)
    _check_day(decision.next_action_on, local_date(now))
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
        next_action_on=decision.next_action_on or _someday(decision, now),
        urgency=decision.urgency or need.urgency,
    )
    if decision.outcome in REFERRED:
        refer(session, need, decision.desks or _own_desk(session, need), None, actor, now)
    _assess(session, need, decision, actor, now)
    if target == "ready" and _risk(session, need, decision) == LEVEL:
        ask_approval(session, need, decision.reason, actor, now)
    note = note_down(session, need.id, "triage", decision.reason, actor, now)
    audit.record(
        session, actor, now, "need_triaged", "need", need.id, outcome=decision.outcome, note=note
    )
    if target == "ready":
        plan_soon(session, now)
    return need


def _is_awaited(session: Session, need: Need, now: datetime) -> bool:
    """Tell whether somebody is still to come, as in a series that was put off for its review."""
    coming = exists().where(
        _VISITS.c.need_id == need.id,
        _VISITS.c.state.in_(("held", "confirmed")),
        _VISITS.c.starts_at > now,
    )
    return bool(session.scalar(select(coming)))


def _someday(decision: Decision, now: datetime) -> date | None:
    """What is put off or handed on comes back on a day, even if nobody names one (BR-06)."""
    waits = decision.outcome in {"hold", "refer"}
    return add_business_days(local_date(now), ANSWER_DAYS) if waits else None


def _own_desk(session: Session, need: Need) -> tuple[str, ...]:
    desk = session.get_one(Category, need.category_code).referral_code
    return (desk,) if desk else ()


def _risk(session: Session, need: Need, decision: Decision) -> str:
    """The risk that was found, or where nobody said one, that of the kind of help."""
    return decision.risk_level or session.get_one(Category, need.category_code).risk_level


def _assess(session: Session, need: Need, decision: Decision, actor: Actor, now: datetime) -> None:
    """Keep the risk and how the site is known; a riskier one unseen is to be looked at (BR-08)."""
    if not (decision.risk_level or decision.site_check or decision.reason_code):
        return
    risk = _risk(session, need, decision)
    found = session.scalar(select(NeedAssessment).where(NeedAssessment.need_id == need.id))
    found = found or NeedAssessment(need_id=need.id)
    found.risk_level, found.site_check = risk, decision.site_check or "none"
    found.reason_code = decision.reason_code
    found.assessed_at, found.assessed_by_id = now, actor.account_id
    session.add(found)
    unseen = risk in {"R2", "R3"} and decision.site_check == "none"
    if unseen and OUTCOMES[decision.outcome] == "ready":
        due = answer_due_at(need.urgency, now)
        tasks.open_task(
            session, "site_check", ("need", need.id), due, now, area_code=need.area_code
        )


def _check_day(on: date | None, today: date) -> None:
    if on is not None and not today <= on <= today + FARTHEST:
        raise Invalid("今日から2年以内の日を選んでください。", field="next_action_on")


def _check(session: Session, need: Need, decision: Decision) -> None:
    if decision.outcome != "accept" and not decision.reason.strip():
        raise Invalid("理由を入力してください。あとで説明するときに使います。", field="reason")
    if not decision.next_action.strip():
        raise Invalid("次にすることを入力してください。", field="next_action")
    if OUTCOMES[decision.outcome] != "ready":
        return
    category = session.get_one(Category, need.category_code)
    if "R9" in (category.risk_level, decision.risk_level):
        raise Invalid(
            "この内容はボランティアではお受けできません。「ほかの窓口へ」を選び、窓口を案内してください。",
            field="outcome",
        )
    if need.start_on is None:
        raise Invalid("希望日が決まっていません。日を決めてから受けてください。", field="outcome")
    refused = snow.hindrance(
        need.category_code,
        need.start_on,
        need.end_on or (need.start_on if need.recurrence == "once" else date.max),
        need.from_minute or 0,
        need.duration_minutes or 0,
    )
    if refused is not None:
        raise Invalid(refused.template, field="outcome", values=refused.values)
