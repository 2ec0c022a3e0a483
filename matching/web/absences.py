"""Nobody opened: the ladder at the desk, the button at the door, the card to scan."""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from matching.activities import missing, queries
from matching.activities.absence_rules import FOUND, LADDER
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import NotFound
from matching.needs.models import Need
from matching.needs.queries import get_need
from matching.people.disclosures import note_disclosure
from matching.people.models import Person, WelfareCommissioner
from matching.volunteers import queries as volunteers
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import moment
from matching.web.visits import NUMBER

pages = Blueprint("absences", __name__)

ABSENCE = "<int:absence_id>"
AROUND = timedelta(hours=12)
ASKED = _(
    "お知らせありがとうございます。センターがすぐに確かめます。センターからの電話をお待ちください。"
)
SAVED = _("記録しました。")
NONE_TODAY = _("今日は、ここでの活動の予定がありません。")


@pages.post(f"/my/activities/{NUMBER}/not-met")
@access("my.answer")
def not_met(placement_id: int) -> Response:
    """Say from the door that nobody opened."""
    once("not-met", lambda work, who, now: missing.not_met(work, placement_id, who, now))
    flash(str(ASKED), "success")
    return redirect(url_for("my_visits.show", placement_id=placement_id))


@pages.post(f"/desk/activities/{NUMBER}/not-met")
@access("activity.record")
def type_not_met(placement_id: int) -> Response:
    """Type what a volunteer phoned in from the door."""
    once("not-met", lambda work, who, now: missing.not_met(work, placement_id, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("desk.worklist"))


@pages.get(f"/desk/absences/{ABSENCE}")
@access("activity.read")
def show(absence_id: int) -> str:
    """Show whom to call now, and what comes when that brings nothing."""
    actor = current_actor()
    with transaction() as work:
        row = missing.get_absence(work, absence_id, actor)
        need = row.need
        note_disclosure(
            work, actor, need.requester_id, ("need", need.id), "coordination", clock.now()
        )
        commissioner = work.scalar(
            select(Person)
            .join(WelfareCommissioner, WelfareCommissioner.person_id == Person.id)
            .where(WelfareCommissioner.id == need.commissioner_id)
        )
        visit, _activity = queries.get_visit(work, row.placement_id, actor)
        return render_template(
            "desk/absence.html",
            row=row,
            need=need,
            resident=need.requester,
            person=visit.volunteer.person,
            commissioner=commissioner,
            what=wording.category(need.category_code),
            due=moment(row.due_at),
            ladder=[
                {
                    "label": gettext(rung.label),
                    "state": "now" if code == row.rung else "next",
                }
                for code, rung in LADDER.items()
            ],
            found=FOUND,
        )


@pages.post(f"/desk/absences/{ABSENCE}/climb")
@access("activity.record")
def climb(absence_id: int) -> Response:
    """Go on to the next rung."""
    said = request.form.get("said", "")[:2000]
    once("climb", lambda work, who, now: missing.climb(work, absence_id, said, who, now))
    flash(str(SAVED), "success")
    return _back() or redirect(url_for("absences.show", absence_id=absence_id))


@pages.post(f"/desk/absences/{ABSENCE}/known")
@access("activity.record")
def known(absence_id: int) -> Response:
    """Write down how the resident is."""
    found, said = request.form.get("found", ""), request.form.get("said", "")[:2000]
    once("known", lambda work, who, now: missing.know(work, absence_id, found, said, who, now))
    flash(str(SAVED), "success")
    return _back() or redirect(url_for("desk.worklist"))


def _back() -> Response | None:
    """To the board of today, for who pressed the button there."""
    return redirect(url_for("today.board")) if request.form.get("back") == "today" else None


@pages.get("/desk/needs/<reference>/card")
@access("need.days")
def card(reference: str) -> str:
    """Show a card to print and keep at the door: who scans it tells that they have arrived."""
    need = get_need(db.session(), reference, current_actor())
    address = f"{current_app.extensions['musubi'].base_url}/my/here/{need.reference}"
    drawn = segno.make(address, error="m", micro=False)
    return render_template(
        "desk/card.html",
        need=need,
        what=wording.category(need.category_code),
        square=Markup(drawn.svg_inline(scale=6, border=2, svgclass=None, lineclass=None)),  # noqa: S704  # nosec B704
    )


@pages.get("/my/here/<reference>")
@access("my.read")
def here(reference: str) -> Response:
    """Lead from a scanned card to my visit of today; nobody else learns that there is one."""
    session, now = db.session(), clock.now()
    volunteer = volunteers.find_of_person(session, current_actor().person_id)
    if volunteer is None:
        raise NotFound
    away = func.abs(func.extract("epoch", Placement.starts_at - now))
    found = session.scalar(
        select(Placement.id)
        .join(Need, Need.id == Placement.need_id)
        .where(Need.reference == reference, Placement.volunteer_id == volunteer.id)
        .where(Placement.state.in_(("confirmed", "done")))
        .where(Placement.starts_at.between(now - AROUND, now + AROUND))
        .order_by(away)
        .limit(1)
    )
    if found is None:
        flash(str(NONE_TODAY), "info")
        return redirect(url_for("my_visits.activities"))
    return redirect(url_for("my_visits.show", placement_id=found))
