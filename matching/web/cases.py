"""Accidents, near misses and complaints at the desk: what is open, and the next step of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import cases
from matching.activities.case_models import Incident
from matching.activities.case_rules import (
    COMPLAINT_KINDS,
    COMPLAINT_STATES,
    INCIDENT_KINDS,
    INCIDENT_STATES,
    SEVERITIES,
    TOLD,
    insurer_must_hear,
)
from matching.activities.queries import get_visit
from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.needs.queries import get_need
from matching.people.disclosures import note_disclosure
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import moment
from matching.web.visits import NUMBER

pages = Blueprint("cases", __name__)

CASE = "<int:case_id>"
SORT = "<any(incidents, complaints):sort>"
ONE = {"incidents": "incident", "complaints": "complaint"}
KINDS: Mapping[str, Mapping[str, str]] = {
    "incidents": INCIDENT_KINDS,
    "complaints": COMPLAINT_KINDS,
}
STATES: Mapping[str, Mapping[str, str]] = {
    "incidents": INCIDENT_STATES,
    "complaints": COMPLAINT_STATES,
}
TITLES = {"incidents": _("事故・ひやりとしたこと"), "complaints": _("苦情")}
SAVED = _("記録しました。")


@pages.get(f"/desk/{SORT}")
@access("case.read")
def overview(sort: str) -> str:
    """Show what is open by deadline, then what is closed."""
    session, actor = db.session(), current_actor()
    found = cases.list_cases(session, ONE[sort], actor)
    return render_template(
        "desk/cases.html",
        sort=sort,
        title=TITLES[sort],
        rows=[_line(sort, row) for row in found],
        tabs_items=[
            {"label": str(label), "href": f"/desk/{code}", "current": code == sort}
            for code, label in TITLES.items()
        ],
    )


def _line(sort: str, row: cases.Case) -> dict[str, Any]:
    return {
        "id": row.id,
        "href": f"/desk/{sort}/{row.id}",
        "kind": gettext(KINDS[sort][row.kind]),
        "state": gettext(STATES[sort][row.state]),
        "closed": row.state == "closed",
        "what": wording.category(row.need.category_code),
        "resident": row.need.requester.name,
        "opened": moment(row.opened_at),
        "due": moment(row.due_at) if row.due_at else "",
        "late": bool(row.due_at and row.due_at < clock.now()),
    }


@pages.get(f"/desk/{SORT}/{CASE}")
@access("case.read")
def show(sort: str, case_id: int) -> str:
    """Show one case: where it stands, who has been told, and the form of its next step."""
    actor = current_actor()
    with transaction() as work:
        row = cases.get_case(work, ONE[sort], case_id, actor)
        note_disclosure(
            work, actor, row.need.requester_id, ("need", row.need_id), "coordination", clock.now()
        )
        incident = row if isinstance(row, Incident) else None
        return render_template(
            "desk/case.html",
            sort=sort,
            title=TITLES[sort],
            line=_line(sort, row),
            need=row.need,
            steps=_steps(sort, row.state),
            nexts=_nexts(sort, row),
            severities=SEVERITIES,
            incident=incident,
            told=_told(incident) if incident else [],
            insurer=bool(
                incident and insurer_must_hear(incident.kind, incident.severity or "none")
            ),
        )


def _steps(sort: str, state: str) -> list[dict[str, str]]:
    order = list(STATES[sort])
    here = order.index(state)
    places = {True: "done", False: "next"}
    return [
        {
            "label": gettext(STATES[sort][code]),
            "state": "now" if place == here else places[place < here],
        }
        for place, code in enumerate(order)
    ]


def _nexts(sort: str, row: cases.Case) -> list[tuple[str, str]]:
    after = cases.BOOKS[ONE[sort]].steps[row.state]
    return [(code, gettext(label)) for code, label in STATES[sort].items() if code in after]


def _told(incident: Incident) -> list[dict[str, Any]]:
    return [
        {"code": code, "label": gettext(label), "at": moment(getattr(incident, f"{code}_told_at"))}
        for code, label in TOLD.items()
    ]


@pages.post(f"/desk/{SORT}/{CASE}/step")
@access("case.handle")
def step(sort: str, case_id: int) -> Response:
    """Take the next step of a case."""
    taken = cases.Step(
        request.form.get("after", ""),
        request.form.get("said", "")[:2000],
        request.form.get("severity") or None,
    )
    once(
        f"case-{sort}",
        lambda work, who, now: cases.advance(work, ONE[sort], case_id, taken, who, now),
    )
    flash(str(SAVED), "success")
    return redirect(url_for("cases.show", sort=sort, case_id=case_id))


@pages.post(f"/desk/incidents/{CASE}/told")
@access("case.handle")
def told(case_id: int) -> Response:
    """Write down who has been told of an incident."""
    whom = request.form.get("whom", "")
    once("case-told", lambda work, who, now: cases.tell(work, case_id, whom, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("cases.show", sort="incidents", case_id=case_id))


@pages.get("/desk/needs/<reference>/complaint")
@access("case.handle")
def new_complaint(reference: str) -> str:
    """Show the form for a complaint about a need."""
    need = get_need(db.session(), reference, current_actor())
    return render_template(
        "desk/complaint_new.html",
        need=need,
        what=wording.category(need.category_code),
        kinds=COMPLAINT_KINDS,
    )


@pages.post("/desk/needs/<reference>/complaint")
@access("case.handle")
def complain(reference: str) -> Response:
    """Take a complaint down."""
    kind, said = request.form.get("kind", ""), request.form.get("said", "")[:2000]
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        number = replies.once(
            work,
            accept("complaint"),
            now,
            lambda: str(cases.open_complaint(work, reference, kind, said, actor, now).id),
        )
    flash(str(SAVED), "success")
    return redirect(url_for("cases.show", sort="complaints", case_id=int(number)))


@pages.post(f"/desk/activities/{NUMBER}/incident")
@access("case.handle")
def report_incident(placement_id: int) -> Response:
    """Open an incident of a visit that was told on the phone."""
    kind, actor, now = request.form.get("kind", ""), current_actor(), clock.now()
    with transaction() as work:
        placement, _activity = get_visit(work, placement_id, actor)
        replies.once(
            work, accept("incident"), now, lambda: _open(work, placement, kind, actor, now)
        )
    flash(str(SAVED), "success")
    return redirect(url_for("cases.overview", sort="incidents"))


def _open(work: Any, placement: Any, kind: str, actor: Any, now: Any) -> str:
    cases.open_incident(work, placement, kind, actor, now)
    return ""
