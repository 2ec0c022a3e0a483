"""Ask for help: the form that needs no account, and the slip that says what happens next."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from matching.kernel.database import db
from matching.kernel.errors import Invalid
from matching.kernel.permissions import DESK
from matching.web.access import access, current_actor
from matching.web.asking_form import NeedForm
from matching.web.asking_steps import WIZARD, form_of, step_page, take
from matching.web.filing import file_once
from matching.web.forms import give_back

pages = Blueprint("asking", __name__)


@pages.get("/needs/new")
@access("need.file")
def new() -> str:
    """Show the first question; the desk, and who asks for it, get all of them on one page."""
    actor = current_actor()
    if "all" not in request.args and DESK.isdisjoint(actor.roles):
        typed = WIZARD.typed()
        return step_page(WIZARD.steps[0], form_of(typed), typed)
    form = NeedForm(formdata=None)
    form.open_to(actor)
    form.start_from(actor, db.session())
    return _whole(form, secrets.token_urlsafe(16))


def _whole(form: NeedForm, key: str) -> str:
    return render_template("needs/new.html", form=form, key=key)


@pages.post("/needs/new")
@access("need.file")
def new_posted() -> Any:
    """File the whole form, once; or keep the first answer of those asked one by one."""
    form = NeedForm()
    if not WIZARD.is_whole(list(request.form), list(form._fields)):
        return take(WIZARD.steps[0])
    form.open_to(current_actor())
    if not form.validate_on_submit():
        return _whole(form, give_back()), 422
    try:
        return file_once(form)
    except Invalid as refused:
        form.refuse(refused)
        return _whole(form, give_back()), 422


@pages.get("/needs/received")
@access("need.file")
def received() -> str | Response:
    """Say the number, what happens next and by when; it prints as a slip."""
    if "filed" not in session:
        return redirect(url_for("asking.new"))
    return render_template(
        "needs/received.html",
        reference=session["filed"],
        answer_by=date.fromisoformat(session["answer_by"]),
    )
