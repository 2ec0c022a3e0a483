"""My page's forms: when I have time, and who I am to the centre."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid, NotFound
from matching.volunteers import queries
from matching.volunteers.changing import change_availability
from matching.volunteers.models import Volunteer
from matching.volunteers.unchanging import Stood
from matching.web.access import access, current_actor
from matching.web.availability_templates import TEMPLATES, apply
from matching.web.forms import Form, accept
from matching.web.readings import Ticks, lines
from matching.web.registering_form import BANDS, DAYS, read_days, slot_of, slots, value_of
from matching.web.registers import gettext
from matching.web.undoing import done

pages = Blueprint("my_availability", __name__)


class AvailabilityForm(Form):
    """Weekly times, and days on which I am away."""

    availability = Ticks(_("都合のよい曜日と時間帯"), slots)
    dates_off = lines(_("行けない日"))
    version = HiddenField()


def _mine() -> Volunteer:
    found = queries.find_of_person(db.session(), current_actor().person_id)
    if found is None:
        raise NotFound
    return found


def _page(volunteer: Volunteer, form: AvailabilityForm) -> str:
    held = queries.slots_of(db.session(), volunteer.id)
    times = [(slot.weekday, slot.starts_minute, slot.ends_minute) for slot in held]
    return render_template(
        "my/availability.html",
        form=form,
        days=DAYS,
        bands=BANDS,
        templates=TEMPLATES,
        others=[time for time in times if value_of(time) is None],
    )


@pages.get("/my/availability")
@access("my.availability")
def show() -> str:
    """Show the week as it stands."""
    volunteer = _mine()
    held = queries.slots_of(db.session(), volunteer.id)
    chosen = [value_of((s.weekday, s.starts_minute, s.ends_minute)) for s in held]
    off = queries.days_off_of(db.session(), volunteer.id, clock.today())
    form = AvailabilityForm(
        formdata=None,
        availability=[value for value in chosen if value],
        dates_off="\n".join(day.isoformat() for day in off),
        version=str(volunteer.version),
    )
    return _page(volunteer, form)


def fill(form: Any, code: str) -> None:
    """Fill the grid in from a template; nothing is saved by that."""
    chosen, off = form.availability.data or [], form.dates_off.data or ""
    form.availability.data, form.dates_off.data = apply(code, chosen, off, clock.today())


@pages.post("/my/availability")
@access("my.availability")
def save() -> Any:
    """Keep the week; the planner looks again at once."""
    volunteer, form = _mine(), AvailabilityForm()
    if "template" in request.form:
        fill(form, request.form["template"])
        return _page(volunteer, form)
    if not form.validate_on_submit():
        return _page(volunteer, form), 422
    try:
        off = read_days(form.dates_off.data or "")
        actor, now = current_actor(), clock.now()
        with transaction() as work:

            def change() -> str:
                stood = Stood.of(work, volunteer.id, clock.today())
                week = [slot_of(value) for value in form.availability.data or ()]
                version = form.version.data or ""
                change_availability(work, volunteer.id, week, off, version, actor, now)
                return str(stood.offer(work, volunteer.id, actor, now))

            offered = replies.once(work, accept("availability"), now, change)
    except Invalid as refused:
        form.refuse(refused)
        return _page(_mine(), form), 422
    done(gettext("都合のよい時間を保存しました。"), offered)
    return redirect(url_for("my_availability.show"))
