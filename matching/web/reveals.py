"""A second look: may this volunteer see the contacts of one more resident this month (T1)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.coordination.quota import decide_reveal, seen_lately
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import NotFound
from matching.people.models import Account, Person
from matching.people.trust_models import RevealRequest
from matching.web.access import access, current_actor
from matching.web.people_view import within_sight
from matching.web.sending import once
from matching.web.surroundings import moment

pages = Blueprint("reveals", __name__)

NUMBER = "<int:request_id>"


def _asked(request_id: int) -> tuple[RevealRequest, Person]:
    found = db.session().get(RevealRequest, request_id)
    if found is None:
        raise NotFound
    return found, within_sight(db.session(), found.person_id, current_actor())


@pages.get(f"/desk/reveals/{NUMBER}")
@access("reveal.decide")
def show(request_id: int) -> str:
    """Show who asks to see whose contacts, and how many they saw this month."""
    asked, person = _asked(request_id)
    session = db.session()
    return render_template(
        "desk/reveal.html",
        asked=asked,
        at=moment(asked.asked_at),
        volunteer=session.get_one(Account, asked.account_id).display_name,
        person=person,
        seen=seen_lately(session, asked.account_id, clock.now()),
    )


@pages.post(f"/desk/reveals/{NUMBER}")
@access("reveal.decide")
def decide(request_id: int) -> Response:
    """Say yes or no."""
    _asked(request_id)
    agreed = request.form.get("decision") == "agree"
    once(
        "reveal",
        lambda work, who, now: decide_reveal(work, request_id, agreed=agreed, actor=who, now=now),
    )
    flash(str(_("記録しました。")), "success")
    return redirect("/desk")
