"""Days of a series: which are coming, which are left out, and the holidays among them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.coordination.queries import list_placements
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import Invalid
from matching.needs import days_off
from matching.needs.models import Need
from matching.needs.queries import get_need, lock_need
from matching.places.calendar import holiday_name
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once

pages = Blueprint("need_days", __name__)

AHEAD = 91
SAVED = _("休みの日を記録しました。調整案は、すぐに作り直します。")


@pages.get("/desk/needs/<reference>/days")
@access("need.days")
def show(reference: str) -> str:
    """Show the coming days of a need with holidays, days off and who comes."""
    session, today = db.session(), clock.today()
    need = get_need(session, reference, current_actor())
    off = days_off.days_off_of(session, [need.id])[need.id]
    placed = list_placements(session, need_id=need.id, actor=current_actor(), since=clock.now())
    coming = {clock.local_date(each.starts_at): each.volunteer.person.name for each in placed}
    return render_template(
        "desk/need_days.html",
        need=need,
        what=wording.category(need.category_code),
        reasons=days_off.REASONS,
        days=[_line(day, off, coming) for day in sorted(_days(need, today) | off) if day >= today],
    )


def _days(need: Need, today: date) -> set[date]:
    """The days on which a visit may fall in the coming weeks."""
    if need.start_on is None:
        return set()
    span = {today + timedelta(days=count) for count in range(AHEAD)}
    last = need.end_on or (need.start_on if need.recurrence == "once" else max(span))
    within = {day for day in span if need.start_on <= day <= last}
    return {day for day in within if not need.weekdays or day.weekday() in need.weekdays}


def _line(day: date, off: set[date], coming: dict[date, str]) -> dict[str, Any]:
    return {
        "on": day,
        "holiday": holiday_name(day) or "",
        "off": day in off,
        "volunteer": coming.get(day, ""),
    }


@pages.post("/desk/needs/<reference>/days")
@access("need.days")
def leave_out(reference: str) -> Response:
    """Leave ticked days out, or all holidays of the coming weeks."""
    reason = request.form.get("reason", "")
    if request.form.get("holidays") == "1":
        days, reason = days_off.coming_holidays(clock.today(), AHEAD), "holiday"
    else:
        days = [_day(typed) for typed in request.form.getlist("day")[:AHEAD]]
    actor = current_actor()
    need_id = get_need(db.session(), reference, actor).id
    once(
        "days-off",
        lambda work, who, now: days_off.leave_out(
            work, lock_need(work, need_id), days, reason, who, now
        ),
    )
    flash(str(SAVED), "success")
    return redirect(url_for("need_days.show", reference=reference))


@pages.post("/desk/needs/<reference>/days/take-in")
@access("need.days")
def take_in(reference: str) -> Response:
    """Let a day have its visit again."""
    day = _day(request.form.get("day", ""))
    need_id = get_need(db.session(), reference, current_actor()).id
    once(
        "day-on",
        lambda work, who, now: days_off.take_in(work, lock_need(work, need_id), day, who, now),
    )
    flash(str(SAVED), "success")
    return redirect(url_for("need_days.show", reference=reference))


def _day(typed: str) -> date:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise Invalid(gettext(days_off.NOT_COMING), field="day") from None
    if found < clock.today():
        raise Invalid(gettext(days_off.NOT_COMING), field="day")
    return found
