"""Visits at the desk: what is on, begun, over, reported and verified; calls typed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import queries, recording
from matching.activities.case_rules import INCIDENT_KINDS
from matching.activities.models import Activity
from matching.activities.rules import CONDITIONS, STATES
from matching.activities.trading import find_trade
from matching.coordination.models import Placement
from matching.coordination.rules import CHANNELS
from matching.coordination.ties import in_queue
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.kernel.permissions import may
from matching.people.disclosures import note_disclosure
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.offers_view import part_of_town, placement_span
from matching.web.registers import gettext
from matching.web.sending import Act, once
from matching.web.surroundings import moment

pages = Blueprint("visits", __name__)

NUMBER = "<int:placement_id>"
TONES = {"verified": "done", "reported": "done", "done": "info", "checked_in": "info"}
DONE = _("記録しました。")
SIDE_WORDS = {
    "volunteer": _("うかがう方が行けなくなった（代わりの方をさがす）"),
    "requester": _("お願いした方の都合（この日は休みにする）"),
    "centre": _("センターの判断（この日は休みにする）"),
}


def visit_line(placement: Placement, activity: Activity | None) -> dict[str, Any]:
    """Return one visit with where it stands."""
    state = queries.state_of(activity)
    return {
        "id": placement.id,
        "when": placement_span(placement.starts_at, placement.ends_at),
        "starts_at": placement.starts_at,
        "what": wording.category(placement.need.category_code),
        "where": part_of_town(placement.need),
        "state": state,
        "label": gettext(STATES[state]),
        "tone": TONES.get(state, "neutral"),
        "planned_minutes": int((placement.ends_at - placement.starts_at).total_seconds() // 60),
        "activity": activity,
    }


@pages.get(f"/desk/activities/{NUMBER}")
@access("activity.read")
def show(placement_id: int) -> str:
    """Show one visit: whom to call, what is known, and the forms to type it in."""
    actor = current_actor()
    with transaction() as work:
        placement, activity = queries.get_visit(work, placement_id, actor)
        for person_id in (placement.need.requester_id, placement.volunteer.person_id):
            note_disclosure(
                work, actor, person_id, ("placement", placement.id), "coordination", clock.now()
            )
        return _page(placement, activity)


def _page(placement: Placement, activity: Activity | None) -> str:
    return render_template(
        "desk/activity.html",
        visit=visit_line(placement, activity),
        need=placement.need,
        covered=not in_queue(placement.need, current_actor()),
        resident=placement.need.requester,
        volunteer=placement.volunteer,
        person=placement.volunteer.person,
        trade=find_trade(db.session(), placement.id),
        conditions=CONDITIONS,
        channels=CHANNELS,
        reported_at=moment(activity.reported_at) if activity else None,
        over=clock.now() >= placement.starts_at,
        sides=SIDE_WORDS,
        incident_kinds=INCIDENT_KINDS,
        may_change=may(current_actor(), "placement.cancel")
        and placement.state in {"held", "confirmed"}
        and clock.now() < placement.starts_at,
    )


@pages.post(f"/desk/activities/{NUMBER}/check-in")
@access("activity.record")
def check_in(placement_id: int) -> Response:
    """Type that a visit has begun."""
    channel = request.form.get("channel", "phone")
    return _record(
        "desk-check-in",
        placement_id,
        lambda work, actor, now: recording.check_in(work, placement_id, channel, actor, now),
    )


@pages.post(f"/desk/activities/{NUMBER}/check-out")
@access("activity.record")
def check_out(placement_id: int) -> Response:
    """Type that a visit is over."""
    channel = request.form.get("channel", "phone")
    return _record(
        "desk-check-out",
        placement_id,
        lambda work, actor, now: recording.check_out(work, placement_id, channel, actor, now),
    )


@pages.post(f"/desk/activities/{NUMBER}/report")
@access("activity.record")
def report(placement_id: int) -> Response:
    """Type a report that was told on the phone or on paper."""
    channel, told = request.form.get("channel", "phone"), read_report(request.form)
    return _record(
        "desk-report",
        placement_id,
        lambda work, actor, now: recording.report(work, placement_id, told, channel, actor, now),
    )


@pages.post(f"/desk/activities/{NUMBER}/verify")
@access("activity.verify")
def verify(placement_id: int) -> Response:
    """Confirm the hours of a report that somebody else wrote."""
    return _record(
        "verify",
        placement_id,
        lambda work, actor, now: recording.verify(work, placement_id, actor, now),
    )


def _record(kind: str, placement_id: int, act: Act) -> Response:
    once(kind, act)
    flash(str(DONE), "success")
    return redirect(url_for("visits.show", placement_id=placement_id))


def read_report(form: Any) -> recording.Report:
    """Read the report of a form; raises Invalid where the time is no number."""
    typed = form.get("minutes", "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        raise Invalid(gettext(recording.NO_MINUTES), field="minutes")
    return recording.Report(
        minutes=int(typed),
        condition=form.get("condition", ""),
        concern=form.get("concern") == "1",
        accident=form.get("accident") == "1",
        near_miss=form.get("near_miss") == "1",
        said=form.get("said", "")[:2000],
    )
