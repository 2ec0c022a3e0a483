"""The coordinator's desk: what to deal with first, visits that are coming, the volunteers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _

from matching.coordination import queries as coordination
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.needs import queries as needs
from matching.needs.models import Need
from matching.people.disclosures import note_disclosure
from matching.places.reference import AREA_BY_CODE
from matching.safeguarding.queries import hidden_people
from matching.volunteers import queries as volunteers
from matching.volunteers.rules import STATES as VOLUNTEER_STATES
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext, place
from matching.web.surroundings import short_day
from matching.web.tasks import SNOOZES, task_groups

pages = Blueprint("desk", __name__)

# heading, states, tone, icon: in the order of what cannot wait
GROUPS = (
    (_("見立てを待っています"), ("received", "triaging"), "warning", "ear"),
    (_("手伝う人をさがしています"), ("ready", "matching"), "info", "search"),
    (_("保留しています"), ("on_hold",), "neutral", "pause"),
)
URGENCY = {
    "emergency": {"label": _("至急"), "tone": "danger", "icon": "shield-alert"},
    "high": {"label": _("急ぎ"), "tone": "warning", "icon": "triangle-alert"},
    "normal": {"label": _("ふつう"), "tone": "info", "icon": "clock"},
    "low": {"label": _("急がない"), "tone": "neutral", "icon": "circle-dashed"},
}
PAGE = 50


@pages.get("/desk")
@access("desk.read")
def worklist() -> str:
    """Show open needs by what cannot wait, and the visits of today and tomorrow."""
    session, actor, today = db.session(), current_actor(), clock.today()
    found = needs.list_open(session, actor, limit=400)
    hidden = hidden_people(session, actor)
    groups = [
        {
            "title": title,
            "tone": tone,
            "icon": icon,
            "items": [
                _paused(need) if need.requester_id in hidden else _item(need, today)
                for need in found
                if need.state in states
            ],
        }
        for title, states, tone, icon in GROUPS
    ]
    visits = coordination.list_placements(session, actor=actor, since=clock.instant(today, 0))
    return render_template(
        "desk/worklist.html",
        groups=groups,
        tasks=task_groups(session, actor, clock.now()),
        snoozes=SNOOZES,
        counts=needs.count_by_state(session, actor),
        visits=[_visit(placement) for placement in visits[:10]],
        run=coordination.find_latest_run(session),
        today=today,
    )


def _item(need: Need, today: date) -> dict[str, Any]:
    area = AREA_BY_CODE.get(need.area_code or "")
    due = need.next_action_on or need.decide_by_on
    return {
        "urgency": URGENCY[need.urgency],
        "title": gettext(
            "%(what)s　%(name)sさん",
            what=wording.category(need.category_code),
            name=need.requester.name,
        ),
        "href": f"/desk/needs/{need.reference}",
        "area": place(area.name) if area else gettext("市外・不明"),
        "deadline": short_day(due) if due else gettext("決めていません"),
        "deadline_iso": due.isoformat() if due else None,
        "overdue": bool(due and due < today),
        "owner": gettext("担当あり") if need.owner_id else gettext("まだいません"),
        "next_action": gettext(need.next_action or "手伝う人を決める"),
        "note": need.title,
    }


def _paused(need: Need) -> dict[str, Any]:
    """What everybody else may know of a need while safety is looked into: that it is in hand."""
    area = AREA_BY_CODE.get(need.area_code or "")
    return {
        "urgency": URGENCY["normal"],
        "title": gettext("調整中　%(number)s", number=need.reference),
        "href": f"/desk/needs/{need.reference}",
        "area": place(area.name) if area else gettext("市外・不明"),
        "deadline": gettext("決めていません"),
        "deadline_iso": None,
        "overdue": False,
        "owner": gettext("担当あり"),
        "next_action": gettext("担当者が調整しています"),
        "note": "",
    }


def _visit(placement: Any) -> dict[str, Any]:
    return {
        "on": clock.local_date(placement.starts_at),
        "starts_at": placement.starts_at,
        "ends_at": placement.ends_at,
        "what": wording.category(placement.need.category_code),
        "requester": placement.need.requester.name,
        "volunteer": placement.volunteer.person.name,
        "volunteer_reference": placement.volunteer.reference,
        "need_reference": placement.need.reference,
        "state": placement.state,
    }


@pages.get("/desk/volunteers")
@access("volunteer.read")
def volunteer_list() -> str:
    """Find a volunteer by name, kana, number or phone."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:100]
    page = request.args.get("page", 1, int)
    page = min(max(page, 1), 10_000)
    within = coordination.volunteers_within(current_actor())
    found = volunteers.list_volunteers(
        db.session(), words=words, within=within, limit=PAGE + 1, offset=(page - 1) * PAGE
    )
    return render_template(
        "desk/volunteers.html",
        people=found[:PAGE],
        words=words,
        page=page,
        more=len(found) > PAGE,
        counts=volunteers.count_volunteers(db.session(), within),
        states={code: gettext(label) for code, label in VOLUNTEER_STATES.items()},
        areas={code: place(area.name) for code, area in AREA_BY_CODE.items()},
    )


@pages.get("/desk/volunteers/<reference>")
@access("volunteer.read")
def volunteer(reference: str) -> str:
    """Show one volunteer: what, when, how far, and what is agreed."""
    session, actor = db.session(), current_actor()
    within = coordination.volunteers_within(actor)
    found = volunteers.get_volunteer(session, reference, within)
    with transaction() as work:
        note_disclosure(
            work, actor, found.person_id, ("volunteer", found.id), "coordination", clock.now()
        )
    categories, skills = volunteers.codes_of(session, found.id)
    placed = coordination.list_placements(
        session, volunteer_id=found.id, actor=actor, cancelled=True
    )
    return render_template(
        "desk/volunteer.html",
        volunteer=found,
        person=found.person,
        state=gettext(VOLUNTEER_STATES[found.state]),
        area=AREA_BY_CODE.get(found.person.area_code or ""),
        categories=[wording.category(code) for code in categories],
        skills=[wording.skill(code) for code in skills],
        slots=volunteers.slots_of(session, found.id),
        visits=[_visit(each) for each in placed],
    )
