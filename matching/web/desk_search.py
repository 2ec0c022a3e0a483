"""The box in the desk's header: needs, people and groups at once, while typing or with Enter."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from matching.coordination.finding import find, words_of
from matching.kernel import clock
from matching.kernel.database import db
from matching.needs.rules import STATES
from matching.places.reference import AREA_BY_CODE
from matching.volunteers.rules import STATES as VOLUNTEER_STATES
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext, place

pages = Blueprint("search", __name__)

IN_BOX = 5
ON_PAGE = 20


@pages.get("/desk/search")
@access("desk.read")
def show() -> str:
    """Show what holds the words; only the list itself to a box that asks while typing."""
    words = words_of(request.args.get("q", ""))
    in_box = request.headers.get("HX-Request") == "true"
    limit = IN_BOX if in_box else ON_PAGE
    return render_template(
        "desk/found.html" if in_box else "desk/search.html",
        words=words,
        limit=limit,
        found=find(db.session(), current_actor(), words, limit, clock.now()) if words else None,
        what=wording.category,
        now=clock.now(),
        need_state=lambda need: gettext(STATES[need.state]),
        volunteer_state=lambda volunteer: gettext(VOLUNTEER_STATES[volunteer.state]),
        area=lambda code: place(AREA_BY_CODE[code].name) if code in AREA_BY_CODE else "",
    )
