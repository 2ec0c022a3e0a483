"""My page: one person, both hats: visits that are agreed, and my own requests."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from matching.activities.queries import list_visits, state_of
from matching.coordination import queries as coordination
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.database import db
from matching.needs import queries as needs
from matching.needs.models import Need
from matching.people.queries import consent_state
from matching.volunteers import queries as volunteers
from matching.volunteers.models import Volunteer
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.offers_view import offer_line, part_of_town
from matching.web.registers import gettext

pages = Blueprint("my", __name__)

REPORTED_IN = timedelta(days=60)
WITHOUT_REPORT = ("confirmed", "checked_in", "done", "interrupted", "unreported")
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
    """Show what waits for my answer, my next visits, and where my own requests stand."""
    session, actor, now = db.session(), current_actor(), clock.now()
    volunteer = volunteers.find_of_person(session, actor.person_id)
    asked = needs.list_of_person(session, actor.person_id) if actor.person_id else []
    lines = [_line(need) for need in asked]
    return render_template(
        "my/home.html",
        known=actor.person_id is not None,
        volunteer=volunteer,
        offers=_offers(volunteer),
        visits=_visits(volunteer, now),
        to_report=_to_report(volunteer, now),
        requests=[line for line in lines if not line["over"]],
        earlier=[line for line in lines if line["over"]],
    )


def _offers(volunteer: Volunteer | None) -> list[dict[str, Any]]:
    if volunteer is None:
        return []
    found = coordination.list_offers(db.session(), volunteer.id)
    return [offer_line(each, each.need) for each in found if each.need]


def _visits(volunteer: Volunteer | None, now: datetime) -> list[dict[str, Any]]:
    if volunteer is None:
        return []
    placed = coordination.list_placements(db.session(), volunteer_id=volunteer.id, since=now)
    return [visit_line(each) for each in placed if each.state == "confirmed"]


def _to_report(volunteer: Volunteer | None, now: datetime) -> list[dict[str, Any]]:
    """Return the visits that are over and of which nobody has told yet."""
    if volunteer is None:
        return []
    found = list_visits(db.session(), since=now - REPORTED_IN, until=now, volunteer_id=volunteer.id)
    return [
        visit_line(placement)
        for placement, activity in found
        if placement.ends_at <= now and state_of(activity) in WITHOUT_REPORT
    ]


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


def _line(need: Need) -> dict[str, Any]:
    """One request of mine: what I am asked about it, where it stands, who comes."""
    asked = to_agree(need)
    line = asked_line(need, agreed=not asked)
    return line | {"visits": _coming(need), "to_agree": asked}


def asked_line(need: Need, *, agreed: bool = True) -> dict[str, Any]:
    """Return one request with the five steps it goes through; settled once I have agreed."""
    here = STEP_OF.get(need.state)
    if here is not None and not agreed:
        here = min(here, STEP_OF["matching"])
    return {
        "reference": need.reference,
        "what": wording.category(need.category_code),
        "title": need.title,
        "received_at": need.received_at,
        "ended": None if here is not None else need.state,
        "over": here is None or here == len(STEPS) - 1,
        "steps": [
            {"label": label, "state": _state(place, here if here is not None else -1)}
            for place, label in enumerate(STEPS)
        ],
    }


def _state(place: int, here: int) -> str:
    return "done" if place < here else "now" if place == here else "next"


def _coming(need: Need) -> list[dict[str, Any]]:
    """Who comes and when; the volunteer's name only where they agreed to it."""
    return [_visit_of(each) for each in _placed(need) if each.state == "confirmed"]


def to_agree(need: Need) -> list[dict[str, Any]]:
    """Return who would come for the first time, each with the visits they offer to take."""
    held = [each for each in _placed(need) if each.state == "held" and each.proposal_id]
    numbers = dict.fromkeys(each.proposal_id for each in held)
    return [
        {
            "proposal": number,
            "key": secrets.token_urlsafe(16),
            "person": _named(visits[0]),
            "visits": [_visit_of(each) for each in visits],
        }
        for number in numbers
        if (visits := [each for each in held if each.proposal_id == number])
    ]


def _placed(need: Need) -> Sequence[Placement]:
    return coordination.list_placements(db.session(), need_id=need.id, since=clock.now())


def _visit_of(placement: Placement) -> dict[str, Any]:
    return {
        "on": clock.local_date(placement.starts_at),
        "starts_at": placement.starts_at,
        "ends_at": placement.ends_at,
        "person": _named(placement),
    }


def _named(placement: Placement) -> str | None:
    person = placement.volunteer.person
    agreed = consent_state(db.session(), person.id, "share_with_volunteer") == "given"
    return gettext("%(name)sさん", name=person.name) if agreed else None
