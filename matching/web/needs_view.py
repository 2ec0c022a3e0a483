"""What the need page shows, in words: the facts, the ranked people, the story so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from matching.catalogue.reference import CHANNELS, HOUSEHOLDS, RELATIONS
from matching.cells.writing import hyphened_phone
from matching.coordination import queries as coordination
from matching.coordination.forecasting import stored_chances
from matching.coordination.models import Proposal
from matching.coordination.weighing import points_named
from matching.kernel import clock
from matching.needs.choices import Choice
from matching.needs.models import Need
from matching.needs.queries import skills_of
from matching.needs.rules import RECURRENCES, URGENCIES
from matching.needs.sheet import CONSENT_BASES, KNOWS, sheet_of
from matching.places.reference import AREA_BY_CODE
from matching.web import wording
from matching.web.registers import Word, gettext, place, weekday, word
from matching.web.sheet_form import told_rows
from matching.web.surroundings import day as write_day
from matching.web.surroundings import minutes as write_minutes
from matching.web.surroundings import moment, short_day
from matching.web.waves_view import chance_line

CHANNEL = {code.code: code for code in CHANNELS}
HOUSEHOLD = {code.code: code for code in HOUSEHOLDS}
RELATION = {code.code: code for code in RELATIONS}
WHOLE_PLAN = "planned"


def facts_of(
    session: Session, need: Need, *, sensitive: bool = True, contacts: bool = True
) -> list[dict[str, Any]]:
    """Return the facts of a need as terms and values; what nobody said is left out.

    Without the `sensitive` ones it is what the reception works with: no health, no notes. Without
    `contacts` nothing leads to the household.
    """
    skills = gettext("、").join(wording.skill(code) for code in skills_of(session, need.id))
    area = AREA_BY_CODE.get(need.area_code or "")
    rows = [
        (_("困っていること"), need.title),
        (_("活動"), wording.category(need.category_code)),
        (_("いつ"), when_of(need)),
        (_("人数"), gettext("%(count)s人", count=need.headcount)),
        (_("ばしょ"), need.address if contacts else None),
        (_("地域"), place(area.name) if area else None),
        (_("行き先"), need.destination if contacts else None),
        (_("必要な資格・技能"), skills),
        (_("車"), gettext("必要") if need.car_needed else None),
        (_("性別の希望"), {"F": _("女性"), "M": _("男性")}.get(need.gender_preference or "")),
        (_("緊急度"), gettext(URGENCIES[need.urgency])),
        (_("依頼した方"), gettext("%(name)sさん", name=need.requester.name)),
        (_("続柄"), _word(RELATION, need.requester_relation)),
        (_("対象の方"), _age(need.recipient_age)),
        (_("世帯"), _word(HOUSEHOLD, need.household) if sensitive else None),
        (_("代わりに話す方"), need.proxy_name if contacts else None),
        *(sheet_facts(session, need, sensitive=sensitive) if contacts else ()),
        (_("受付"), _side_by_side(_word(CHANNEL, need.channel), moment(need.received_at))),
        (_("メモ"), need.note if sensitive else None),
    ]
    return [{"term": term, "value": value} for term, value in rows if value]


def sheet_facts(
    session: Session, need: Need, *, sensitive: bool = True
) -> list[tuple[Any, str | None]]:
    """Return what the intake sheet says beyond the need."""
    sheet = sheet_of(session, need.id)
    if sheet is None:
        return []
    knows = KNOWS.get(sheet.person_knows or "")
    wished = [_wished(place, choice) for place, choice in enumerate(sheet.wished, 1)]
    return [
        (_("代わりに話す方の続柄"), _word(RELATION, sheet.caller_relation)),
        (_("代わりに話す方の電話"), hyphened_phone(need.proxy_phone) if need.proxy_phone else None),
        (_("ご本人は知っているか"), gettext(knows) if knows else None),
        (_("ご本人の「はい」"), gettext(CONSENT_BASES[sheet.consent_basis])),
        (_("希望の順"), gettext("、").join(wished)),
        *(told_rows(sheet.told) if sensitive else ()),
    ]


def _wished(place: int, choice: Choice) -> str:
    hours = filter(None, (write_minutes(choice.from_minute), write_minutes(choice.to_minute)))
    return f"({place}) {short_day(choice.on)} {'–'.join(hours)}".strip()


def _word(table: Mapping[str, Word], code: str | None) -> str | None:
    found = table.get(code or "")
    return word(found) if found else code


def _side_by_side(*texts: str | None) -> str:
    return gettext("　").join(filter(None, texts))


def _age(years: int | None) -> str | None:
    return None if years is None else gettext("%(years)s歳", years=years)


def when_of(need: Need) -> str:
    """Write when help is wanted in one line."""
    if need.start_on is None:
        return gettext("日はまだ決まっていません")
    parts = [gettext(RECURRENCES[need.recurrence]), _days(need, need.start_on)]
    if need.weekdays:
        days = gettext("・").join(weekday(day) for day in need.weekdays)
        parts.append(gettext("%(days)s曜", days=days))
    if need.from_minute is not None and need.to_minute is not None:
        parts.append(
            gettext("%(span)sのあいだ", span=wording.span(need.from_minute, need.to_minute))
        )
    if need.duration_minutes:
        parts.append(gettext("%(minutes)s分", minutes=need.duration_minutes))
    return _side_by_side(*parts)


def _days(need: Need, start_on: date) -> str:
    if need.end_on and need.end_on != start_on:
        until = short_day(need.end_on)
        return gettext("%(start)sから%(end)sまで", start=short_day(start_on), end=until)
    if need.recurrence != "once":
        return gettext("%(start)sから", start=short_day(start_on))
    return short_day(start_on)


def candidate_lines(session: Session, proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return the ranked people with everything a coordinator must be able to defend."""
    people = [proposal.volunteer_id for proposal in proposals]
    load = coordination.load_of(session, people, clock.instant(clock.today(), 0))
    points = {name: points_named(session, name) for name in {_weights(each) for each in proposals}}
    chances = stored_chances(session, [proposal.id for proposal in proposals])
    return [
        _candidate(each, load.get(each.volunteer_id, 0), points[_weights(each)])
        | {"chance": chance_line(chances.get(each.id))}
        for each in proposals
    ]


def _weights(proposal: Proposal) -> str | None:
    return proposal.snapshot.get("weights")


def _candidate(proposal: Proposal, load: int, points: Mapping[str, int]) -> dict[str, Any]:
    volunteer = proposal.volunteer
    last = volunteer.last_active_on
    return {
        "id": proposal.id,
        "state": proposal.state,
        "rank": proposal.rank,
        "name": volunteer.person.name,
        "kana": volunteer.person.name_kana,
        "reference": volunteer.reference,
        "score": proposal.score,
        "factors": wording.factor_lines(proposal.factors, points),
        "distance": _way(proposal),
        "last_visit": write_day(last) if last else gettext("まだありません"),
        "load": gettext("これから%(count)s件", count=load) if load else gettext("予定なし"),
        "uncertain": [wording.DOUBTS[doubt] for doubt in proposal.uncertain],
        "planned": proposal.planned,
        "phone": volunteer.person.phone or volunteer.person.mobile,
        "slots": _slots(proposal),
    }


def _way(proposal: Proposal) -> str:
    if proposal.km is None:
        return gettext("わかりません")
    return gettext(
        "%(km)s km・約%(minutes)s分", km=f"{proposal.km:.1f}", minutes=proposal.travel_minutes or 0
    )


def _slots(proposal: Proposal) -> list[dict[str, Any]]:
    """The choices of day and start: what the plan chose first, else the earliest of each day."""
    found: list[dict[str, Any]] = []
    for slot in proposal.slots:
        day = date.fromisoformat(slot["on"])
        chosen = slot["planned"]
        for start in [chosen] if chosen is not None else slot["starts"][:4]:
            end = start + slot["minutes"]
            found.append(
                {
                    "value": f"{slot['on']}T{start // 60:02d}:{start % 60:02d}",
                    "label": f"{short_day(day)} {wording.span(start, end)}",
                    "planned": chosen is not None,
                }
            )
    found = sorted(found, key=lambda slot: not slot["planned"])[:40]
    visits = sum(slot["planned"] for slot in found)
    if visits < 2:
        return found
    label = gettext("調整案の%(count)s回すべて", count=visits)
    return [{"value": WHOLE_PLAN, "label": label, "planned": True}, *found]
