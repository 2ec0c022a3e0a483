"""What an offer says before anybody has agreed: kind of help, part of town, day and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from matching.coordination import values
from matching.coordination.disclosing import look
from matching.coordination.models import Proposal
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.clock import now
from matching.kernel.database import db
from matching.needs.models import Need
from matching.people.shielding import shield_of
from matching.places.reference import AREA_BY_CODE, DISTRICT_BY_CODE
from matching.volunteers.models import Volunteer
from matching.web import wording
from matching.web.registers import gettext, place
from matching.web.surroundings import moment, short_day


def offer_line(proposal: Proposal, need: Need) -> dict[str, Any]:
    """Return what a volunteer may know of an offer (L1, BR-19): never who, never the address."""
    return {
        "id": proposal.id,
        "state": proposal.state,
        "what": wording.category(need.category_code),
        "where": part_of_town(need),
        "visits": [visit_span(visit) for visit in proposal.offered_visits],
        "people": need.headcount,
        "car": need.car_needed,
        "outline": _outline(proposal),
        "distance": _distance(proposal),
        "answer_by": moment(proposal.expires_at) if proposal.expires_at else None,
        "over": proposal.state not in {"contacted", "no_response"},
    }


def _outline(proposal: Proposal) -> str:
    """The coordinator's own words, which name nobody; kept back where a person is on hold."""
    asked = db.session().get_one(Volunteer, proposal.volunteer_id)
    told = look(db.session(), Actor(("volunteer",), person_id=asked.person_id), proposal, now())
    return str(told.get("outline") or "")


def part_of_town(need: Need) -> str:
    """Name the part of town, never anything smaller; of a shielded person, where one meets."""
    shield = shield_of(db.session(), need.requester_id)
    return place_words((shield.meeting_point,) if shield else values.part_of_town(need))


def place_words(places: Sequence[str]) -> str:
    """Write area and district by their codes, or the place where somebody is met instead."""
    named = [AREA_BY_CODE.get(code) or DISTRICT_BY_CODE.get(code) for code in places]
    told = [
        place(known.name) if known else gettext(code)
        for code, known in zip(places, named, strict=True)
    ]
    return gettext("　").join(told) if told else gettext("市外・不明")


def visit_span(visit: dict[str, Any]) -> str:
    """Write one visit that is asked for: day, from when to when."""
    day = short_day(date.fromisoformat(visit["on"]))
    return f"{day} {wording.span(visit['start'], visit['start'] + visit['minutes'])}"


def _distance(proposal: Proposal) -> str | None:
    if proposal.km is None:
        return None
    return gettext("約%(km)s km", km=max(1, round(proposal.km)))


def placement_span(starts_at: Any, ends_at: Any) -> str:
    """Write a placed visit: day, from when to when."""
    day = short_day(clock.local_date(starts_at))
    return f"{day} {wording.span(clock.minutes_of_day(starts_at), clock.minutes_of_day(ends_at))}"
