"""Ask for help: the form that needs no account, and the slip that says what happens next."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.needs.receiving import open_need
from matching.needs.rules import answer_due_on
from matching.web import strangers
from matching.web.access import access, current_actor
from matching.web.asking_form import NeedForm
from matching.web.forms import accept, give_back

pages = Blueprint("asking", __name__)


@pages.get("/needs/new")
@access("need.file")
def new() -> str:
    """Show the form; somebody signed in finds their own name in it."""
    form = NeedForm(formdata=None)
    form.open_to(current_actor())
    form.start_from(current_actor(), db.session())
    return render_template("needs/new.html", form=form, key=secrets.token_urlsafe(16))


@pages.post("/needs/new")
@access("need.file")
@strangers.evenly
def new_posted() -> Any:
    """File the need, once, however often the button was tapped."""
    form = NeedForm()
    actor, now = current_actor(), clock.now()
    form.open_to(actor)
    if not form.validate_on_submit():
        return render_template("needs/new.html", form=form, key=give_back()), 422
    entry = form.entry(actor)

    def file() -> str:
        strangers.count(work, "need", now)
        return open_need(work, entry, actor, now).reference

    try:
        with transaction() as work:
            reference = replies.once(work, accept("need"), now, file)
    except Invalid as refused:
        form.refuse(refused)
        return render_template("needs/new.html", form=form, key=give_back()), 422
    session["filed"] = reference
    session["answer_by"] = answer_due_on(entry.urgency, clock.local_date(now)).isoformat()
    return redirect(url_for("asking.received"))


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
