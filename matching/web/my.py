"""My page: one person, both hats: visits that are agreed, and my own requests."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from matching.coordination import queries as coordination
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.database import db
from matching.needs import queries as needs
from matching.needs.models import Need
from matching.people.queries import consent_state
from matching.volunteers import queries as volunteers
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.offers_view import part_of_town
from matching.web.registers import gettext

pages = Blueprint("my", __name__)

STEPS = (
    pgettext("step", "受付"),
    _("相談"),
    _("さがしています"),
    _("決まりました"),
    _("終わりました"),
)
STEP_OF = {
    "received": 0,
    "triaging": 1,
    "on_hold": 1,
    "ready": 2,
    "matching": 2,
    "matched": 3,
    "in_progress": 3,
    "completed": 4,
    "closed": 4,
}


@pages.get("/my")
@access("my.read")
def home() -> str:
    """Show the next visits first, then what I asked for."""
    session, actor = db.session(), current_actor()
    volunteer = volunteers.find_of_person(session, actor.person_id)
    visits = []
    if volunteer is not None:
        placed = coordination.list_placements(session, volunteer_id=volunteer.id, since=clock.now())
        visits = [visit_line(each) for each in placed if each.state == "confirmed"]
    asked = needs.list_of_person(session, actor.person_id) if actor.person_id else []
    return render_template(
        "my/home.html",
        volunteer=volunteer,
        visits=visits,
        requests=[asked_line(need) | {"visits": _coming(need)} for need in asked],
    )


def visit_line(placement: Placement) -> dict[str, Any]:
    """What is told of a visit on the way to its own page: never who or where exactly (BR-19)."""
    return {
        "id": placement.id,
        "on": clock.local_date(placement.starts_at),
        "starts_at": placement.starts_at,
        "ends_at": placement.ends_at,
        "what": wording.category(placement.need.category_code),
        "where": part_of_town(placement.need),
    }


def asked_line(need: Need) -> dict[str, Any]:
    """Return one request with the five steps it goes through."""
    here = STEP_OF.get(need.state)
    return {
        "reference": need.reference,
        "what": wording.category(need.category_code),
        "title": need.title,
        "received_at": need.received_at,
        "ended": None if here is not None else need.state,
        "steps": [
            {"label": label, "state": _state(place, here if here is not None else -1)}
            for place, label in enumerate(STEPS)
        ],
    }


def _state(place: int, here: int) -> str:
    return "done" if place < here else "now" if place == here else "next"


def _coming(need: Need) -> list[dict[str, Any]]:
    """Who comes and when; the volunteer's name only where they agreed to it."""
    session = db.session()
    placed = coordination.list_placements(session, need_id=need.id, since=clock.now())
    return [
        {
            "on": clock.local_date(placement.starts_at),
            "starts_at": placement.starts_at,
            "ends_at": placement.ends_at,
            "person": _named(placement),
        }
        for placement in placed
        if placement.state == "confirmed"
    ]


def _named(placement: Placement) -> str | None:
    person = placement.volunteer.person
    agreed = consent_state(db.session(), person.id, "share_with_volunteer") == "given"
    return gettext("%(name)sさん", name=person.name) if agreed else None
