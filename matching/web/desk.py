"""The coordinator's desk: what to deal with first, visits that are coming, the volunteers."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.coordination import queries as coordination
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.permissions import STAFF, sees_area
from matching.kernel.tasks import Task
from matching.kernel.tasks import within_reach as tasks_within_reach
from matching.kernel.visibility import visible
from matching.needs import queries as needs
from matching.needs.models import Need
from matching.needs.rules import OPEN
from matching.people.disclosures import note_disclosure
from matching.places.reference import AREA_BY_CODE
from matching.safeguarding.queries import hidden_people
from matching.volunteers import queries as volunteers
from matching.volunteers.models import Volunteer
from matching.volunteers.rules import STATES as VOLUNTEER_STATES
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.need_lines import need_line, paused_line
from matching.web.registers import gettext, place
from matching.web.tasks import SNOOZES, task_groups

pages = Blueprint("desk", __name__)

# heading, states, tone, what the list of all of them is narrowed to: first what cannot wait
GROUPS = (
    (_("見立てを待っています"), ("received", "triaging"), "warning", "untriaged"),
    (_("手伝う人をさがしています"), ("ready", "matching"), "info", "searching"),
    (_("保留しています"), ("on_hold",), "neutral", "on_hold"),
)
SHOWN = 12
PAGE = 50


@pages.get("/desk")
@access("desk.read")
def worklist() -> str:
    """Show open needs by what cannot wait, and the visits of today and tomorrow."""
    session, actor, today = db.session(), current_actor(), clock.today()
    hidden = hidden_people(session, actor)
    open_tasks = task_groups(session, actor, clock.now())
    counts = needs.count_by_state(session, actor)
    visits = coordination.list_placements(session, actor=actor, since=clock.instant(today, 0))
    return render_template(
        "desk/worklist.html",
        groups=[
            {
                "title": title,
                "tone": tone,
                "state": state,
                "count": sum(counts.get(each, 0) for each in states),
                "items": [
                    paused_line(need) if need.requester_id in hidden else need_line(need)
                    for need in needs.list_open(session, actor, states=states, limit=SHOWN)
                ],
            }
            for title, states, tone, state in GROUPS
        ],
        tasks=open_tasks,
        task_count=sum(len(group["items"]) for group in open_tasks),
        snoozes=SNOOZES,
        seen=_news(session, actor),
        visits=[_visit(placement) for placement in visits[:10]],
        run=coordination.find_latest_run(session),
        today=today,
    )


@pages.get("/desk/news")
@access("desk.read")
def news() -> Response:
    """Tell an open worklist whether anything on it has changed; it asks every half minute."""
    same = request.args.get("seen", "") == _news(db.session(), current_actor())
    return Response(status=204 if same else 205)


def _news(session: Session, actor: Actor) -> str:
    """Return a mark that changes whenever a need or a task within reach does."""
    marks = [
        session.execute(
            select(func.count(), func.sum(table.version), func.max(table.id)).where(
                table.id.in_(found.with_only_columns(table.id).order_by(None))
            )
        ).one()
        for table, found in (
            (Need, needs.within_reach(actor).where(Need.state.in_(OPEN))),
            (Task, tasks_within_reach(actor)),
        )
    ]
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


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
    words = request.args.get("q", "").strip()[:100]
    page = request.args.get("page", 1, int)
    page = min(max(page, 1), 10_000)
    within = visible(Volunteer, current_actor(), "volunteer.read")
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
    within = visible(Volunteer, actor, "volunteer.read")
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
        own_branch=not STAFF.isdisjoint(actor.roles) and sees_area(actor, found.person.area_code),
        letter=sees_area(actor, found.person.area_code),
    )
