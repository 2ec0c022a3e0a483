"""What an offer says before anybody has agreed: kind of help, part of town, day and time."""

from __future__ import annotations

from datetime import date
from typing import Any

from matching.coordination.models import Proposal
from matching.kernel import clock
from matching.needs.models import Need
from matching.places.reference import AREA_BY_CODE, DISTRICT_BY_CODE
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
        "distance": _distance(proposal),
        "answer_by": moment(proposal.expires_at) if proposal.expires_at else None,
        "over": proposal.state not in {"contacted", "no_response"},
    }


def part_of_town(need: Need) -> str:
    """Name the part of town, never anything smaller."""
    district = DISTRICT_BY_CODE.get(need.district_code or "")
    area = AREA_BY_CODE.get(need.area_code or "")
    known = [place(each.name) for each in (area, district) if each]
    return gettext("　").join(known) if known else gettext("市外・不明")


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
