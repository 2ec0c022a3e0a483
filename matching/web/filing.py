"""Filing what a form says: once however often it is sent, then the page that says what is next."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.kernel import clock, replies
from matching.kernel.database import transaction
from matching.needs.receiving import open_need
from matching.needs.rules import answer_due_on
from matching.volunteers.registering import register
from matching.web import strangers
from matching.web.access import current_actor
from matching.web.asking_form import NeedForm
from matching.web.forms import accept
from matching.web.registering_form import VolunteerForm

After = Callable[[Session], None]


@strangers.evenly
def file_once(form: NeedForm, after: After | None = None) -> Response:
    """File what a form says, once however often it is sent, and lead to the slip."""
    actor, now = current_actor(), clock.now()
    entry = form.entry(actor)

    def file() -> str:
        strangers.count(work, "need", now)
        return open_need(work, entry, actor, now).reference

    with transaction() as work:
        reference = replies.once(work, accept("need"), now, file)
        if after is not None:
            after(work)
    session["filed"] = reference
    session["answer_by"] = answer_due_on(entry.urgency, clock.local_date(now)).isoformat()
    return redirect(url_for("asking.received"))


@strangers.evenly
def apply_once(form: VolunteerForm, after: After | None = None) -> Response:
    """Keep what a form says, once however often it is sent, and say what comes next."""
    actor, now = current_actor(), clock.now()
    entry = form.entry()

    def apply() -> str:
        strangers.count(work, "volunteer", now)
        return register(work, entry, actor, now).reference

    with transaction() as work:
        reference = replies.once(work, accept("volunteer"), now, apply)
        if after is not None:
            after(work)
    session["applied"] = reference
    return redirect(url_for("registering.received"))
