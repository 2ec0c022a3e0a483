"""A day of snow or storm: which visits are called off is looked over before it is done."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matching.activities.calling_off import Scope, call_off_for_weather, visits_in
from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.kernel.permissions import only_areas
from matching.places.reference import AREA_BY_CODE
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.registers import gettext, place
from matching.web.visits import visit_line

pages = Blueprint("weather", __name__)


@pages.get("/desk/weather")
@access("activity.call_off")
def preview() -> str:
    """Show which visits of a day and of chosen areas would be called off."""
    actor, chosen = current_actor(), bool(request.args.get("on"))
    areas = only_areas(actor)
    scope = read_scope(request.args) if chosen else Scope(clock.today())
    found = visits_in(db.session(), scope, actor) if chosen else []
    return render_template(
        "desk/weather.html",
        chosen=chosen,
        scope=scope,
        areas={
            code: place(area.name)
            for code, area in AREA_BY_CODE.items()
            if areas is None or code in areas
        },
        visits=[
            visit_line(each, None)
            | {"resident": each.need.requester.name, "volunteer": each.volunteer.person.name}
            for each in found
        ],
    )


@pages.post("/desk/weather")
@access("activity.call_off")
def call_off() -> Response:
    """Call them off in one act."""
    scope, later = read_scope(request.form), request.form.get("later") == "1"
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        count = replies.once(
            work,
            accept("weather"),
            now,
            lambda: str(call_off_for_weather(work, scope, actor, now, later=later)),
        )
    flash(
        gettext(
            "%(count)s件を天候のため中止にしました。お二人への電話が「今日の仕事」に出ています。",
            count=count,
        ),
        "success",
    )
    return redirect(url_for("today.board"))


def read_scope(typed: MultiDict[str, str]) -> Scope:
    """Read day and areas; raises Invalid for a day that is none or a place nobody knows."""
    try:
        on = date.fromisoformat(typed.get("on", ""))
    except ValueError:
        raise Invalid(gettext("日を選んでください。"), field="on") from None
    areas = tuple(code for code in typed.getlist("area") if code in AREA_BY_CODE)
    return Scope(on, areas, typed.get("indoors") == "1")
