"""Today's board at the desk: alarms with one click for each result, kept up to date by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.activities.absence_models import Absence
from matching.activities.absence_rules import FOUND, LADDER
from matching.activities.alarm_rules import RESULTS
from matching.activities.alarming import Alarm, take_call
from matching.activities.queries import Visit, list_visits
from matching.activities.rules import STATES
from matching.activities.today import Board, read_board
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.permissions import may
from matching.people.disclosures import note_disclosure
from matching.people.models import Person, WelfareCommissioner
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import clock_time
from matching.web.visits import NUMBER, visit_line

pages = Blueprint("today", __name__)

SPANS = {"today": (_("今日"), 0, 1), "tomorrow": (_("明日"), 1, 2), "week": (_("1週間"), 0, 7),
         "past": (_("これまでの2週間"), -14, 0)}  # fmt: skip
NOTED = _("記録しました。")
KINDS = {"not_started": _("始まった連絡がありません"), "not_returned": _("戻った連絡がありません")}
CALLED_FIRST = {"retry", "family"}  # rungs on which it is still the house that is phoned


@pages.get("/desk/activities")
@access("activity.read")
def board() -> str:
    """Show the board of today, or the visits of other days with where each stands."""
    span = request.args.get("span", "today")
    span = span if span in SPANS else "today"
    tabs = [
        {"label": label, "href": f"?span={code}", "current": code == span}
        for code, (label, _first, _last) in SPANS.items()
    ]
    if span == "today":
        return render_template("desk/today.html", tabs_items=tabs, **board_parts())
    return render_template(
        "desk/activities.html",
        tabs_items=tabs,
        visits=_listed(*SPANS[span][1:]),
        may_call_off=may(current_actor(), "placement.cancel"),
    )


def _listed(first: int, last: int) -> list[dict[str, Any]]:
    today = clock.today()
    found = list_visits(
        db.session(),
        since=clock.instant(today + timedelta(days=first), 0),
        until=clock.instant(today + timedelta(days=last), 0),
        actor=current_actor(),
    )
    return [visit_row(*each) for each in found]


def board_parts() -> dict[str, Any]:
    """Return what the board of today shows to who is signed in."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        board = read_board(work, clock.today(), actor, now)
        _note_looks(work, board, actor)
        return {
            "board": board,
            "seen": board.mark(),
            "at": clock_time(now),
            "may_call_off": may(actor, "placement.cancel"),
            "alarms": [_alarm(visit, alarm) for visit, alarm in board.alarms],
            "absences": [_absence(work, row) for row in board.absences],
            "columns": [
                (_("いま活動中"), "info", [visit_row(*each) for each in board.out]),
                (_("始まる時刻をすぎた"), "warning", [visit_row(*each) for each in board.due]),
                (_("これから"), "neutral", [visit_row(*each) for each in board.later]),
                (_("終わった"), "done", [visit_row(*each) for each in board.over]),
            ],
            "off": [
                visit_row(placement, None) | {"label": gettext(STATES[state]), "full": full}
                for placement, state, full in board.off
            ],
        }


def _note_looks(work: Session, board: Board, actor: Actor) -> None:
    """An alarm shows both telephone numbers, which is written down."""
    for (placement, _activity), _alarm in board.alarms:
        for person_id in (placement.need.requester_id, placement.volunteer.person_id):
            note_disclosure(
                work, actor, person_id, ("placement", placement.id), "coordination", clock.now()
            )
    for row in board.absences:
        subject = ("need", row.need_id)
        note_disclosure(work, actor, row.need.requester_id, subject, "coordination", clock.now())


def visit_row(placement: Placement, activity: Any) -> dict[str, Any]:
    """Return one visit as a list of a day shows it, with whom to phone."""
    volunteer = placement.volunteer.person
    return visit_line(placement, activity) | {
        "resident": placement.need.requester.name,
        "volunteer": volunteer.name,
        "volunteer_phone": volunteer.mobile or volunteer.phone,
    }


def _alarm(visit: Visit, alarm: Alarm) -> dict[str, Any]:
    placement = visit[0]
    now = clock.now()
    phones = {
        "volunteer": placement.volunteer.person,
        "resident": placement.need.requester,
    }
    person = phones.get(alarm.next.whom)
    return visit_row(*visit) | {
        "alarm": alarm.kind,
        "title": KINDS[alarm.kind],
        "since": clock_time(alarm.since),
        "next": gettext(alarm.next.label),
        "whom": alarm.next.whom,
        "name": person.name if person else None,
        "phone": (person.mobile or person.phone) if person else None,
        "again": clock_time(alarm.due_at) if alarm.due_at > now else None,
        "results": {code: gettext(word) for code, word in RESULTS[alarm.kind].items()},
    }


def _absence(work: Session, row: Absence) -> dict[str, Any]:
    commissioner = work.scalar(
        select(Person)
        .join(WelfareCommissioner, WelfareCommissioner.person_id == Person.id)
        .where(WelfareCommissioner.id == row.need.commissioner_id)
    )
    resident = row.need.requester
    called = {"commissioner": commissioner}.get(row.rung)
    called = called or (resident if row.rung in CALLED_FIRST else None)
    return {
        "id": row.id,
        "resident": resident.name,
        "next": gettext(LADDER[row.rung].label),
        "until": clock_time(row.due_at),
        "name": called.name if called else None,
        "phone": (called.phone or called.mobile) if called else None,
        "found": {code: gettext(word) for code, word in FOUND.items()},
    }


@pages.get("/desk/activities/today")
@access("activity.read")
def news() -> Response | str:
    """Give an open board its newest self; nothing while nothing has changed."""
    seen = request.args.get("seen", "")
    board = read_board(db.session(), clock.today(), current_actor(), clock.now())
    if seen and seen == board.mark():
        return Response(status=204)
    return render_template("desk/today_board.html", **board_parts())


@pages.post(f"/desk/activities/{NUMBER}/alarm")
@access("activity.record")
def called(placement_id: int) -> Response:
    """Type what a call about an alarm brought."""
    alarm, result = request.form.get("alarm", ""), request.form.get("result", "")
    once(
        "alarm",
        lambda work, who, now: take_call(work, placement_id, alarm, result, who, now),
    )
    flash(str(NOTED), "success")
    if result == "not_coming" and may(current_actor(), "need.candidates"):
        return redirect(url_for("visit_changes.substitutes", placement_id=placement_id))
    return redirect(url_for("today.board"))
