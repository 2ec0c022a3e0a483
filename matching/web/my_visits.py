"""My visits: what is to come, where to go once it is settled, how it went in three taps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import leaving, queries, recording, rescheduling
from matching.activities.rules import CONDITIONS
from matching.activities.trade_models import TRADE_STATES
from matching.activities.trading import find_trade
from matching.coordination.disclosing import VISIT, Disclosed, disclose, look
from matching.coordination.models import Placement
from matching.kernel import clock, tasks
from matching.kernel.database import db, transaction
from matching.kernel.errors import NotFound
from matching.volunteers import queries as volunteers
from matching.web.access import access, current_actor
from matching.web.offers_view import place_words
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.visits import NUMBER, read_report, visit_line

pages = Blueprint("my_visits", __name__)

BACK, AHEAD = timedelta(days=400), timedelta(days=400)
THANKS = _("報告をありがとうございました。")


@pages.get("/my/activities")
@access("my.read")
def activities() -> str:
    """Show my visits: those to come, those to report, those that were."""
    session, now = db.session(), clock.now()
    volunteer = volunteers.find_of_person(session, current_actor().person_id)
    found = (
        queries.list_visits(session, since=now - BACK, until=now + AHEAD, volunteer_id=volunteer.id)
        if volunteer
        else []
    )
    lines = [visit_line(placement, activity) for placement, activity in found]
    open_states = {
        *("confirmed", "checked_in", "done", "interrupted", "unreported", "resident_absent")
    }
    return render_template(
        "my/activities.html",
        coming=[each for each in lines if each["starts_at"] > now and each["state"] == "confirmed"],
        to_report=[
            each for each in lines if each["starts_at"] <= now and each["state"] in open_states
        ],
        past=[each for each in reversed(lines) if each["state"] not in open_states],
        minutes=sum(each["activity"].minutes or 0 for each in lines if each["activity"]),
    )


def _mine(placement_id: int) -> tuple[Placement, Any]:
    """Return a visit in which I am the one who comes; NotFound for anybody else, staff too."""
    actor = current_actor()
    placement, activity = queries.get_visit(db.session(), placement_id, actor)
    if actor.person_id is None or placement.volunteer.person_id != actor.person_id:
        raise NotFound
    return placement, activity


@pages.get(f"/my/activities/{NUMBER}")
@access("my.read")
def show(placement_id: int) -> str:
    """Show one visit of mine; who and where stays covered until I ask to see it."""
    placement, activity = _mine(placement_id)
    return _page(placement, activity, look(db.session(), current_actor(), placement, clock.now()))


@pages.post(f"/my/activities/{NUMBER}/reveal")
@access("my.answer")
def reveal(placement_id: int) -> str:
    """Show who and where, which is written down (BR-19); not before it is settled, nor later on."""
    placement, _activity = _mine(placement_id)
    with transaction() as work:
        shown = disclose(work, current_actor(), placement, VISIT, clock.now())
    if "address" not in shown and shown.hindrance != "quota":
        raise NotFound
    return _page(*_mine(placement_id), shown)


def _trade(placement: Placement) -> dict[str, str] | None:
    row = find_trade(db.session(), placement.id)
    return {"state_label": gettext(TRADE_STATES[row.state])} if row else None


def settled_group(placement: Placement) -> bool:
    """Tell whether the volunteer of a visit belongs to a group that could come along."""
    return placement.volunteer.group_id is not None and placement.state != "cancelled"


def _page(placement: Placement, activity: Any, shown: Disclosed) -> str:
    now = clock.now()
    return render_template(
        "my/activity.html",
        visit=visit_line(placement, activity)
        | {"where": place_words(shown["place"]) if "place" in shown else ""},
        settled=placement.state in {"confirmed", "done"},
        shown=shown,
        conditions=CONDITIONS,
        may_begin=now >= placement.starts_at - recording.EARLY,
        may_report=now >= placement.starts_at,
        trade=_trade(placement),
        in_group=settled_group(placement),
        moved=tasks.is_open(db.session(), "ask_moved", ("placement", placement.id)),
    )


@pages.post(f"/my/activities/{NUMBER}/check-in")
@access("my.answer")
def check_in(placement_id: int) -> Response:
    """Say that I have arrived."""
    _mine(placement_id)
    once("check-in", lambda work, who, now: recording.check_in(work, placement_id, "web", who, now))
    return redirect(url_for("my_visits.show", placement_id=placement_id))


@pages.post(f"/my/activities/{NUMBER}/check-out")
@access("my.answer")
def check_out(placement_id: int) -> Response:
    """Say that I am on my way home."""
    _mine(placement_id)
    once(
        "check-out", lambda work, who, now: recording.check_out(work, placement_id, "web", who, now)
    )
    return redirect(url_for("my_visits.show", placement_id=placement_id))


@pages.post(f"/my/activities/{NUMBER}/report")
@access("my.answer")
def report(placement_id: int) -> Response:
    """Report a visit in three taps."""
    _mine(placement_id)
    told = read_report(request.form)
    once(
        "report",
        lambda work, who, now: recording.report(work, placement_id, told, "web", who, now),
    )
    flash(str(THANKS), "success")
    return redirect(url_for("my_visits.activities"))


@pages.post(f"/my/activities/{NUMBER}/still")
@access("my.answer")
def still(placement_id: int) -> Response:
    """Say that I come at the new time as well."""
    _mine(placement_id)
    once("still", lambda work, who, now: rescheduling.say_yes(work, placement_id, who, now))
    flash(str(_("お知らせありがとうございます。当日もよろしくお願いします。")), "success")
    return redirect(url_for("my_visits.show", placement_id=placement_id))


@pages.post(f"/my/activities/{NUMBER}/leave")
@access("my.answer")
def leave(placement_id: int) -> Response:
    """Say that I cannot come: somebody else is looked for at once, nobody is blamed."""
    _mine(placement_id)
    reason = request.form.get("reason", "")[:200]
    once("leave", lambda work, who, now: leaving.leave(work, placement_id, reason, who, now))
    flash(
        str(_("お知らせありがとうございます。代わりの方をさがします。お大事になさってください。")),
        "success",
    )
    return redirect(url_for("my_visits.activities"))
