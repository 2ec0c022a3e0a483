"""The commissioner's page: the cases I brought, in my term, and nobody else's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from matching.coordination.disclosing import look
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.permissions import districts_of
from matching.needs import queries as needs
from matching.needs.models import Need
from matching.places.reference import AREA_BY_CODE, DISTRICT_BY_CODE
from matching.safeguarding.queries import hidden_people
from matching.web.access import access, current_actor
from matching.web.my import asked_line

pages = Blueprint("commissioner", __name__)


@pages.get("/commissioner")
@access("commissioner.read")
def home() -> str:
    """Show the needs that I filed, or that name me as the one who speaks for the person."""
    actor = current_actor()
    found = needs.list_of_commissioner(db.session(), actor)
    paused = hidden_people(db.session(), actor)
    return render_template(
        "commissioner/home.html",
        cases=[
            {"paused": True, "reference": need.reference}
            if need.requester_id in paused
            else _case(need)
            for need in found
        ],
        places=[_names(*held) for held in districts_of(actor)],
    )


def _case(need: Need) -> dict[str, Any]:
    """The person they know and the result, as far as that person lets them know it."""
    told = look(db.session(), current_actor(), need, clock.now())
    line = asked_line(need) | {"name": need.requester.name, "title": ""}
    return line if "state" in told else line | {"silent": True, "over": False}


def _names(area_code: str | None, district_code: str | None) -> list[str]:
    found = AREA_BY_CODE.get(area_code or ""), DISTRICT_BY_CODE.get(district_code or "")
    return [each.name for each in found if each]
