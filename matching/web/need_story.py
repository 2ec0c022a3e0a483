"""The story of a need: what happened, who did it, and what was written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel.audit import Event
from matching.needs.models import Need, NeedNote
from matching.people.models import Account
from matching.web import wording
from matching.web.registers import gettext
from matching.web.surroundings import machine_time, moment

ACTIONS = {
    "need_received": ("contact", pgettext("story", "受け付けました")),
    "need_triaged": ("decision", _("見立てをしました")),
    "referral_opened": ("decision", _("ほかの窓口へつなぎ始めました")),
    "referral_moved": ("contact", _("ほかの窓口とのやりとりがありました")),
    "conference_recorded": ("decision", _("ケース会議を記録しました")),
    "contacted": ("contact", _("連絡しました")),
    "placement_held": ("decision", _("来る方が仮に決まりました")),
    "placement_confirmed": ("decision", _("手伝う人が決まりました")),
    "placement_cancelled": ("decision", _("決定を取りやめました")),
    "need_imported": ("contact", _("名簿から取り込みました")),
    "approval_asked": ("decision", _("センター長に承認をお願いしました")),
    "approval_decided": ("decision", _("センター長が承認について決めました")),
    "did_not_come": ("note", _("うかがう方が来ませんでした")),
    "group_roster": ("note", _("団体の名簿を記録しました")),
    "move_agreed": ("contact", _("変わった日時や場所でよいと返事がありました")),
    "namesake_told_apart": ("note", _("似た名前の方とは別の方だとたしかめました")),
    "need_briefed": ("note", _("手伝う方への説明を書きました")),
    "need_changed": ("note", _("困りごとの内容を変えました")),
    "need_closed": ("decision", _("困りごとを終わりにしました")),
    "need_day_taken_in": ("note", _("休みにした日をもどしました")),
    "need_days_left_out": ("note", _("休みの日を決めました")),
    "need_paused": ("decision", _("活動をいったん休みにしました")),
    "next_days_given": ("note", _("次にする日を自動で決めました")),
    "owners_given": ("note", _("担当を自動で決めました")),
    "pair_released": ("decision", _("決めておいた組み合わせをはずしました")),
    "paper_returned": ("contact", _("紙の申込書がもどりました")),
    "referral_seen": ("contact", _("ほかの窓口が受け取りました")),
    "report_given_up": ("note", _("活動の報告を待つのをやめました")),
    "triage_undone": ("decision", _("見立てを取り消しました")),
    "visit_moved": ("decision", _("活動の日時を変えました")),
    "visits_relocated": ("decision", _("活動の場所を変えました")),
    "excluded_read": ("view", _("候補にならない理由を見ました")),
}
WRITTEN = {
    "triage": _("見立てのメモ"),
    "contact": _("連絡の記録"),
    "report": _("活動の報告"),
    "note": pgettext("story", "メモ"),
}


def story_of(session: Session, need: Need, *, sensitive: bool = True) -> list[dict[str, Any]]:
    """Return what happened to a need, oldest first, with who did it.

    A need from a sheet was received before it came here, so its first line is made from it. What
    staff and volunteers wrote down is for those who may read what is `sensitive`.
    """
    notes = _notes(session, need) if sensitive else {}
    rows = session.execute(
        select(Event, Account.display_name)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(_about(need))
        .order_by(Event.id)
    ).all()
    told = [
        {
            "at": moment(event.occurred_at),
            "at_iso": machine_time(event.occurred_at),
            "kind": ACTIONS.get(event.action, ("note", event.action))[0],
            "title": ACTIONS.get(event.action, ("note", event.action))[1],
            "by": name or "",
            "text": _said(event, notes),
        }
        for event, name in rows
    ]
    if sensitive:
        told = sorted(told + _written(session, need, notes), key=lambda each: each["at_iso"])
    if any(event.action == "need_received" for event, _name in rows):
        return told
    kind, title = ACTIONS["need_received"]
    first = {
        "at": moment(need.received_at),
        "at_iso": machine_time(need.received_at),
        "kind": kind,
        "title": title,
        "by": "",
    }
    return [first, *told]


def _notes(session: Session, need: Need) -> dict[int, NeedNote]:
    """What staff wrote down, by the event it belongs to."""
    found = session.execute(
        select(Event.id, NeedNote)
        .join(NeedNote, NeedNote.id == Event.details["note"].as_integer())
        .where(NeedNote.need_id == need.id)
    )
    return {event_id: note for event_id, note in found}  # noqa: C416 - rows are no pairs to mypy


def _written(session: Session, need: Need, told: Mapping[int, NeedNote]) -> list[dict[str, Any]]:
    """What was written down and belongs to no event: reports of visits, calls, closings."""
    rows = session.execute(
        select(NeedNote, Account.display_name)
        .outerjoin(Account, Account.id == NeedNote.written_by_id)
        .where(NeedNote.need_id == need.id)
        .where(NeedNote.id.not_in([note.id for note in told.values()]))
        .order_by(NeedNote.id)
    )
    return [
        {
            "at": moment(note.written_at),
            "at_iso": machine_time(note.written_at),
            "kind": "contact" if note.kind in {"contact", "report"} else "note",
            "title": WRITTEN[note.kind],
            "by": name or "",
            "text": note.body,
        }
        for note, name in rows
    ]


def _detail(details: Mapping[str, Any]) -> str:
    gate = wording.GATES.get(details.get("gate", ""))
    return str(gate[0] if gate else wording.TRIAGE.get(details.get("outcome", ""), ""))


def _about(need: Need) -> Any:
    mine = (Event.subject_type == "need") & (Event.subject_id == need.id)
    placed = (Event.subject_type == "placement") & (Event.details["need"].as_integer() == need.id)
    return mine | placed


def _said(event: Event, notes: Mapping[int, NeedNote]) -> str:
    written = notes[event.id].body if event.id in notes else ""
    return gettext("　").join(filter(None, (_detail(event.details), written)))
