"""The plan in words: who goes where, what changed and why, what is held, what would open more."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from matching.coordination.accepting import Weighed
from matching.coordination.models import NeedOutcome, Proposal
from matching.coordination.pair_queries import list_pair_rules
from matching.coordination.plan_models import PairRule, PlanChange, PlanOpener
from matching.coordination.safety import LOOK_AT
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.needs.models import Need
from matching.places.reference import AREA_BY_CODE
from matching.web import wording
from matching.web.registers import gettext, place, weekday
from matching.web.surroundings import short_day

REASONS: Mapping[str, str] = {
    "new_need": _("新しい困りごと"),
    "new_visit": _("新しい訪問日"),
    "person_not_able": _("この方が行けなくなった"),
    "need_gone": _("困りごとが終わったか、日が過ぎた"),
    "need_changed": _("困りごとの日時や人数が変わった"),
    "makes_room": _("ほかの訪問を埋めるため"),
    "takes_over": _("前の方の代わり"),
    "improves": _("より良い組み合わせのため"),
    "held": _("コーディネーターがおさえた"),
}

STAGES: Mapping[str, str] = {
    "asked": _("順番を待っています"),
    "read": _("登録と予定を読んでいます"),
    "floor": _("まず一通り組み合わせています"),
    "prices": _("どこが取り合いになるかを計算しています"),
    "plan": _("よりよい組み合わせをさがしています"),
    "report": _("理由をまとめています"),
    "write": _("書きこんでいます"),
}

HALVES: Mapping[str, str] = {"am": _("午前"), "pm": _("午後")}


def planned_row(proposal: Proposal, held: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return one proposal of the plan for its table."""
    need = _need_of(proposal)
    slots = [slot for slot in proposal.slots if slot["planned"] is not None]
    return {
        "id": proposal.id,
        "need": need,
        "category": wording.category(need.category_code),
        "volunteer": proposal.volunteer,
        "score": proposal.score,
        "slots": [_slot(slot) for slot in slots],
        "held": (need.reference, proposal.volunteer.reference) in held,
    }


def weighed_row(weighed: Weighed) -> dict[str, Any]:
    """Return one proposal with what wants a closer look, in words."""
    row = planned_row(weighed.proposal, {})
    return row | {"reasons": [gettext(LOOK_AT[code]) for code in weighed.reasons]}


def _need_of(proposal: Proposal) -> Need:
    if proposal.need is None:
        raise ValueError("a proposal of the plan has its need")
    return proposal.need


def _slot(slot: Mapping[str, Any]) -> str:
    start = slot["planned"]
    day = short_day(date.fromisoformat(slot["on"]))
    return f"{day} {wording.span(start, start + slot['minutes'])}"


def gap_row(outcome: NeedOutcome, need: Need) -> dict[str, Any]:
    """Return what stays open for one need and why."""
    gates = sorted(wording.gate_lines(outcome.excluded), key=lambda gate: -gate["count"])
    return {
        "need": need,
        "category": wording.category(need.category_code),
        "missing": sum(gap["missing"] for gap in outcome.unplaced),
        "reasons": list(dict.fromkeys(wording.UNPLACED[gap["reason"]] for gap in outcome.unplaced)),
        "gates": gates[:3],
    }


def rule_rows(session: Session, actor: Actor, need_id: int | None = None) -> list[dict[str, Any]]:
    """Return what coordinators hold or keep out, of one need or of all within reach."""
    found = list_pair_rules(session, actor, clock.today(), need_id)
    return [_rule(rule) for rule in found]


def _rule(rule: PairRule) -> dict[str, Any]:
    start = rule.start_minutes
    day = short_day(rule.visit_on) if rule.visit_on else ""
    gate = wording.GATES.get(rule.lapsed_gate or "")
    return {
        "id": rule.id,
        "key": secrets.token_urlsafe(16),
        "version": rule.version,
        "kind": rule.kind,
        "need": rule.need.reference,
        "category": wording.category(rule.need.category_code),
        "volunteer": rule.volunteer.reference,
        "name": rule.volunteer.person.name,
        "when": f"{day} {wording.hhmm(start)}" if start is not None else day,
        "reason": rule.reason,
        "lapsed": gate[0] if gate else None,
    }


def change_row(change: PlanChange) -> dict[str, Any]:
    """Return one seat that changed hands."""
    return {
        "way": change.way,
        "need": change.need,
        "category": wording.category(change.need.category_code),
        "volunteer": change.volunteer,
        "when": f"{short_day(change.visit_on)} {wording.hhmm(change.start_minutes)}",
        "reason": REASONS[change.reason],
    }


def opener_sentence(opener: PlanOpener) -> str:
    """Say what one more person of a kind would settle."""
    area = AREA_BY_CODE.get(opener.area_code or "")
    return gettext(
        "%(weekday)s曜の%(half)sに、%(area)sで%(who)sがあと1人いれば、%(seats)s人分の訪問が決まります。",
        weekday=weekday(opener.weekday),
        half=HALVES[opener.half],
        area=place(area.name) if area else gettext("どこか"),
        who=_who(opener),
        seats=opener.seats,
    )


def _who(opener: PlanOpener) -> str:
    if opener.skill_code and opener.car:
        skill = wording.skill(opener.skill_code)
        return gettext("「%(skill)s」ができて、車で行ける方", skill=skill)
    if opener.skill_code:
        return gettext("「%(skill)s」ができる方", skill=wording.skill(opener.skill_code))
    return gettext("車で行ける方") if opener.car else gettext("手伝える方")
