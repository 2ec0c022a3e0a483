"""What the need page shows, in words: the facts, the ranked people, the story so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.catalogue.reference import CHANNELS, HOUSEHOLDS, RELATIONS
from matching.coordination import queries as coordination
from matching.coordination.models import Proposal
from matching.kernel import clock
from matching.kernel.audit import Event
from matching.needs.models import Need, NeedNote
from matching.needs.queries import skills_of
from matching.needs.rules import RECURRENCES, URGENCIES
from matching.people.models import Account
from matching.places.reference import AREA_BY_CODE
from matching.places.wareki import format_date, format_short_date
from matching.web import wording

CHANNEL = {code.code: code.label for code in CHANNELS}
HOUSEHOLD = {code.code: code.label for code in HOUSEHOLDS}
RELATION = {code.code: code.label for code in RELATIONS}
ACTIONS = {
    "need_received": ("contact", "受け付けました"),
    "need_triaged": ("decision", "見立てをしました"),
    "placement_confirmed": ("decision", "手伝う人が決まりました"),
    "placement_cancelled": ("decision", "決定を取りやめました"),
    "need_imported": ("contact", "名簿から取り込みました"),
    "excluded_read": ("view", "候補にならない理由を見ました"),
}


def facts_of(session: Session, need: Need) -> list[dict[str, Any]]:
    """Return the facts of a need as terms and values; what nobody said is left out."""
    skills = "、".join(wording.skill(code) for code in skills_of(session, need.id))
    area = AREA_BY_CODE.get(need.area_code or "")
    rows = [
        ("困っていること", need.title),
        ("活動", wording.category(need.category_code)),
        ("いつ", when_of(need)),
        ("人数", f"{need.headcount}人"),
        ("ばしょ", need.address),
        ("地域", area.name if area else None),
        ("行き先", need.destination),
        ("必要な資格・技能", skills),
        ("車", "必要" if need.car_needed else None),
        ("性別の希望", {"F": "女性", "M": "男性"}.get(need.gender_preference or "")),
        ("緊急度", URGENCIES[need.urgency]),
        ("依頼した方", f"{need.requester.name}さん"),
        ("続柄", RELATION.get(need.requester_relation or "")),
        ("対象の方", f"{need.recipient_age}歳" if need.recipient_age is not None else None),
        ("世帯", HOUSEHOLD.get(need.household or "")),
        ("代わりに話す方", need.proxy_name),
        ("受付", f"{CHANNEL.get(need.channel, need.channel)}　{_at(need.received_at)}"),
        ("メモ", need.note),
    ]
    return [{"term": term, "value": value} for term, value in rows if value]


def _at(moment: Any) -> str:
    return f"{format_date(clock.local_date(moment))} {clock.local(moment):%H:%M}"


def when_of(need: Need) -> str:
    """Write when help is wanted in one line."""
    if need.start_on is None:
        return "日はまだ決まっていません"
    parts = [RECURRENCES[need.recurrence], format_short_date(need.start_on)]
    if need.end_on and need.end_on != need.start_on:
        parts[-1] += f"から{format_short_date(need.end_on)}まで"
    elif need.recurrence != "once":
        parts[-1] += "から"
    if need.weekdays:
        parts.append("・".join("月火水木金土日"[day] for day in need.weekdays) + "曜")
    if need.from_minute is not None and need.to_minute is not None:
        parts.append(f"{wording.hhmm(need.from_minute)}〜{wording.hhmm(need.to_minute)}のあいだ")
    if need.duration_minutes:
        parts.append(f"{need.duration_minutes}分")
    return "　".join(parts)


def candidate_lines(
    session: Session, proposals: Sequence[Proposal], points: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the ranked people with everything a coordinator must be able to defend."""
    people = [proposal.volunteer_id for proposal in proposals]
    load = coordination.load_of(session, people, clock.instant(clock.today(), 0))
    return [_candidate(each, load.get(each.volunteer_id, 0), points) for each in proposals]


def _candidate(proposal: Proposal, load: int, points: Mapping[str, int]) -> dict[str, Any]:
    volunteer = proposal.volunteer
    last = volunteer.last_active_on
    return {
        "id": proposal.id,
        "rank": proposal.rank,
        "name": volunteer.person.name,
        "kana": volunteer.person.name_kana,
        "reference": volunteer.reference,
        "score": proposal.score,
        "factors": wording.factor_lines(proposal.factors, points),
        "distance": _way(proposal),
        "last_visit": format_date(last) if last else "まだありません",
        "load": f"これから{load}件" if load else "予定なし",
        "uncertain": [wording.DOUBTS[doubt] for doubt in proposal.uncertain],
        "planned": proposal.planned,
        "phone": volunteer.person.phone or volunteer.person.mobile,
        "slots": _slots(proposal),
    }


def _way(proposal: Proposal) -> str:
    if proposal.km is None:
        return "わかりません"
    return f"{proposal.km:.1f} km・約{proposal.travel_minutes or 0}分"


def _slots(proposal: Proposal) -> list[dict[str, Any]]:
    """The choices of day and start: what the plan chose first, else the earliest of each day."""
    found = []
    for slot in proposal.slots:
        day = date.fromisoformat(slot["on"])
        chosen = slot["planned"]
        for start in [chosen] if chosen is not None else slot["starts"][:4]:
            end = start + slot["minutes"]
            found.append(
                {
                    "value": f"{slot['on']}T{start // 60:02d}:{start % 60:02d}",
                    "label": f"{format_short_date(day)} {wording.hhmm(start)}〜{wording.hhmm(end)}",
                    "planned": chosen is not None,
                }
            )
    return sorted(found, key=lambda slot: not slot["planned"])[:40]


def story_of(session: Session, need: Need) -> list[dict[str, Any]]:
    """Return what happened to a need, oldest first, with who did it."""
    notes = _notes(session, need)
    rows = session.execute(
        select(Event, Account.display_name)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(_about(need))
        .order_by(Event.id)
    ).all()
    return [
        {
            "at": _at(event.occurred_at),
            "at_iso": event.occurred_at.isoformat(),
            "kind": ACTIONS.get(event.action, ("note", event.action))[0],
            "title": ACTIONS.get(event.action, ("note", event.action))[1],
            "by": name or "",
            "text": "　".join(filter(None, (_detail(event.details), notes.get(event.id, "")))),
        }
        for event, name in rows
    ]


def _notes(session: Session, need: Need) -> dict[int, str]:
    """What staff wrote down, by the event it belongs to."""
    found = session.execute(
        select(Event.id, NeedNote.body)
        .join(NeedNote, NeedNote.id == Event.details["note"].as_integer())
        .where(NeedNote.need_id == need.id)
    )
    return {row[0]: row[1] for row in found}


def _detail(details: Mapping[str, Any]) -> str:
    gate = wording.GATES.get(details.get("gate", ""))
    return gate[0] if gate else wording.TRIAGE.get(details.get("outcome", ""), "")


def _about(need: Need) -> Any:
    mine = (Event.subject_type == "need") & (Event.subject_id == need.id)
    placed = (Event.subject_type == "placement") & (Event.details["need"].as_integer() == need.id)
    return mine | placed
