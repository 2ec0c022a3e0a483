"""Become a volunteer: what somebody likes to do, when, and how far."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from matching.kernel import clock, replies
from matching.kernel.database import transaction
from matching.kernel.errors import Invalid
from matching.volunteers.registering import register
from matching.web import strangers
from matching.web.access import access, current_actor
from matching.web.forms import accept, give_back
from matching.web.registering_form import BANDS, DAYS, VolunteerForm

pages = Blueprint("registering", __name__)


def _page(form: VolunteerForm, key: str) -> str:
    return render_template("volunteers/register.html", form=form, key=key, days=DAYS, bands=BANDS)


@pages.get("/register/volunteer")
@access("volunteer.register")
def new() -> str:
    """Show the form."""
    return _page(VolunteerForm(formdata=None), secrets.token_urlsafe(16))


@pages.post("/register/volunteer")
@access("volunteer.register")
@strangers.evenly
def new_posted() -> Any:
    """Keep the application, once."""
    form = VolunteerForm()
    actor, now = current_actor(), clock.now()
    if not form.validate_on_submit():
        return _page(form, give_back()), 422

    def apply() -> str:
        strangers.count(work, "volunteer", now)
        return register(work, form.entry(), actor, now).reference

    try:
        with transaction() as work:
            reference = replies.once(work, accept("volunteer"), now, apply)
    except Invalid as refused:
        form.refuse(refused)
        return _page(form, give_back()), 422
    session["applied"] = reference
    return redirect(url_for("registering.received"))


@pages.get("/register/received")
@access("volunteer.register")
def received() -> str | Response:
    """Say what happens next."""
    if "applied" not in session:
        return redirect(url_for("registering.new"))
    return render_template("volunteers/received.html", reference=session["applied"])
