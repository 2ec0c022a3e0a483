"""Values: the fields of a need that are asked for, and no others, read for a reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.coordination.stages import Tie
from matching.kernel import clock
from matching.needs.briefing import brief_of
from matching.needs.models import Need
from matching.people.models import Person
from matching.people.rules import age_band, age_on
from matching.people.shielding import CENTRE, shield_of
from matching.places.reference import AREA_BY_CODE, DISTRICT_BY_CODE

LEAST_HOUSEHOLDS = 20
PEOPLE_A_HOUSEHOLD = 2.5  # about the city's average; a district this small is never named alone
Subject = Need | Proposal | Placement
Reader = Callable[[Session, Need, Person], Any]


def values_of(
    session: Session, need: Need, subject: Subject, wanted: Collection[str], tie: Tie
) -> dict[str, Any]:
    """Return the wanted fields of a need; `place` and `visits` depend on reader and subject."""
    person = session.get_one(Person, need.requester_id)
    values = {
        field: read(session, need, person) for field, read in READERS.items() if field in wanted
    }
    if "place" in wanted:
        values["place"] = _meeting_point(session, need, tie) or part_of_town(need)
    if "visits" in wanted:
        values["visits"] = _visits(session, need, subject)
    if tie.held:
        values["state"] = "arranging"
    return values


def part_of_town(need: Need) -> tuple[str, ...]:
    """Return the codes of area and district, the district only where enough households live."""
    district = DISTRICT_BY_CODE.get(need.district_code or "")
    area = AREA_BY_CODE.get(need.area_code or "")
    if district is not None and not names_enough(district.residents_thousand_estimate * 1000):
        district = None
    return tuple(each.code for each in (area, district) if each is not None)


def names_enough(residents: float) -> bool:
    """Tell whether a place may be named: at least twenty households, else it is widened."""
    return residents / PEOPLE_A_HOUSEHOLD >= LEAST_HOUSEHOLDS


def _meeting_point(session: Session, need: Need, tie: Tie) -> tuple[str, ...]:
    """A shielded person is met elsewhere."""
    if not tie.shielded or tie.keeper or tie.relation == "self":
        return ()
    found = shield_of(session, need.requester_id)
    return (found.meeting_point if found else CENTRE,)


def _visits(session: Session, need: Need, subject: Subject) -> list[dict[str, Any]]:
    """Start and end of the visits a row is about; of a need, those that are agreed."""
    if isinstance(subject, Proposal):
        return [_asked(visit) for visit in subject.offered_visits]
    agreed = select(Placement).where(
        Placement.need_id == need.id, Placement.state.in_(("confirmed", "done"))
    )
    found = (
        [subject]
        if isinstance(subject, Placement)
        else session.scalars(agreed.order_by(Placement.starts_at))
    )
    return [{"starts_at": each.starts_at, "ends_at": each.ends_at} for each in found]


def _asked(visit: Mapping[str, Any]) -> dict[str, Any]:
    starts_at = clock.instant(date.fromisoformat(visit["on"]), visit["start"])
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=visit["minutes"])}


def _age_band(session: Session, need: Need, person: Person) -> int | None:
    age = need.recipient_age
    if age is None and person.birth_on is not None:
        age = age_on(person.birth_on, clock.today())
    return None if age is None else age_band(age)


def _brief(field: str) -> Reader:
    def read(session: Session, need: Need, person: Person) -> str:
        found = brief_of(session, need.id)
        return getattr(found, field) if found is not None else ""

    return read


def _of_need(field: str) -> Reader:
    return lambda session, need, person: getattr(need, field)


def _of_person(field: str) -> Reader:
    return lambda session, need, person: getattr(person, field)


READERS: Mapping[str, Reader] = {
    "category": _of_need("category_code"),
    "area": _of_need("area_code"),
    "headcount": _of_need("headcount"),
    "state": _of_need("state"),
    "age_band": _age_band,
    "outline": _brief("outline"),
    "car_needed": _of_need("car_needed"),
    "name": _of_person("name"),
    "phone": lambda session, need, person: person.phone or person.mobile,
    "address": lambda session, need, person: need.address or person.address,
    "care": _brief("care"),
    "kana": _of_person("name_kana"),
    "birth_on": _of_person("birth_on"),
    "title": _of_need("title"),
    "note": _of_need("note"),
    "household": _of_need("household"),
    "relation": _of_need("requester_relation"),
    "proxy": _of_need("proxy_name"),
}
