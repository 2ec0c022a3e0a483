"""Become a volunteer: what somebody likes to do, when, and how far."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from matching.kernel.errors import Invalid
from matching.web.access import access
from matching.web.filing import apply_once
from matching.web.forms import give_back
from matching.web.registering_form import BANDS, DAYS, VolunteerForm
from matching.web.registering_steps import WIZARD, form_of, step_page, take

pages = Blueprint("registering", __name__)


def _page(form: VolunteerForm, key: str) -> str:
    return render_template("volunteers/register.html", form=form, key=key, days=DAYS, bands=BANDS)


@pages.get("/register/volunteer")
@access("volunteer.register")
def new() -> str:
    """Show the first question, or all of them on one page for who asks for it."""
    if "all" in request.args:
        return _page(VolunteerForm(formdata=None), secrets.token_urlsafe(16))
    typed = WIZARD.typed()
    return step_page(WIZARD.steps[0], form_of(typed), typed)


@pages.post("/register/volunteer")
@access("volunteer.register")
def new_posted() -> Any:
    """Keep the whole application, once; or the first answer of those asked one by one."""
    form = VolunteerForm()
    if not WIZARD.is_whole(list(request.form), list(form._fields)):
        return take(WIZARD.steps[0])
    if not form.validate_on_submit():
        return _page(form, give_back()), 422
    try:
        return apply_once(form)
    except Invalid as refused:
        form.refuse(refused)
        return _page(form, give_back()), 422


@pages.get("/register/received")
@access("volunteer.register")
def received() -> str | Response:
    """Say what happens next."""
    if "applied" not in session:
        return redirect(url_for("registering.new"))
    return render_template("volunteers/received.html", reference=session["applied"])
