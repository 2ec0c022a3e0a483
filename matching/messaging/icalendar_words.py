"""A person's visits as an iCalendar file: when, and in which part of the city; nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

import icalendar
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from matching.coordination.models import Placement
from matching.coordination.registry import consenting
from matching.kernel import clock
from matching.messaging.registers import place_in, register_of, say
from matching.messaging.templates import BY_PHONE, HOURS, PHONE, UNKNOWN_PLACE
from matching.needs.models import Need
from matching.people.models import Person
from matching.people.shielding import shield_of
from matching.people.standstill import held
from matching.volunteers.models import Volunteer

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
NAME = "ボランティア活動の予定"
ACTIVITY, VISIT = "ボランティア活動", "ボランティアの訪問"
NOT_YET = "（まだ決まっていません）"
DETAILS = "くわしくは、ログインしてご覧ください。"
STATUS = {"held": "TENTATIVE", "confirmed": "CONFIRMED", "done": "CONFIRMED"}


class Entry(NamedTuple):
    """One visit in a calendar; `own` says that the reader is the one who is visited."""

    placement: Placement
    own: bool


def entries(session: Session, person: Person, now: datetime) -> list[Entry]:
    """Return a person's visits, as who comes and as who is visited, by their time.

    Visits that concern people on hold, or who took their consent back, are not there; one that
    was called off stays, marked, where it had been agreed.
    """
    found = session.scalars(
        select(Placement)
        .join(Placement.need)
        .join(Placement.volunteer)
        .where(or_(Volunteer.person_id == person.id, Need.requester_id == person.id))
        .where(Placement.ends_at > now - BACK, Placement.starts_at < now + AHEAD)
        .where((Placement.state != "cancelled") | Placement.confirmed_at.is_not(None))
        .options(joinedload(Placement.need), joinedload(Placement.volunteer))
        .order_by(Placement.starts_at, Placement.id)
    ).all()
    open_to = _approachable(session, found)
    told = [
        Entry(each, own=each.need.requester_id == person.id)
        for each in found
        if {each.need.requester_id, each.volunteer.person_id} <= open_to
    ]
    # Before the resident has agreed to the person, nobody is announced to them.
    return [each for each in told if not (each.own and each.placement.confirmed_at is None)]


def _approachable(session: Session, found: Sequence[Placement]) -> set[int]:
    people = {each.need.requester_id for each in found}
    people |= {each.volunteer.person_id for each in found}
    willing = consenting(session, select(Person.id).where(Person.id.in_(people)))
    return willing - set(held(session, people))


def write(session: Session, person: Person, base_url: str, now: datetime) -> bytes:
    """Return the feed of a person: the same bytes for the same visits."""
    register = register_of(person.language)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Musubi//Visits//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", say(register, NAME))
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    host = urlsplit(base_url).hostname or "musubi"
    for entry in entries(session, person, now):
        calendar.add_component(_event(session, entry, register, base_url, host))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(
    session: Session, entry: Entry, register: str, base_url: str, host: str
) -> icalendar.Event:
    placement = entry.placement
    event = icalendar.Event()
    event.add("uid", f"visit-{placement.id}@{host}")
    event.add("sequence", placement.version - 1)
    event.add("dtstamp", _changed_at(placement))
    event.add("last-modified", _changed_at(placement))
    event.add("dtstart", clock.local(placement.starts_at))
    event.add("dtend", clock.local(placement.ends_at))
    event.add("status", STATUS.get(placement.state, "CANCELLED"))
    event.add("summary", _title(entry, register))
    if where := _where(session, entry, register):
        event.add("location", where)
    page = f"{base_url}/my" if entry.own else f"{base_url}/my/activities/{placement.id}"
    event.add("url", page)
    call = say(register, BY_PHONE, phone=PHONE, hours=say(register, HOURS))
    event.add("description", f"{say(register, DETAILS)}\n{page}\n{call}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if placement.state == "cancelled" else "OPAQUE")
    return event


def _title(entry: Entry, register: str) -> str:
    title = say(register, VISIT if entry.own else ACTIVITY)
    return title + say(register, NOT_YET) if entry.placement.state == "held" else title


def _where(session: Session, entry: Entry, register: str) -> str:
    """The area of the city (L0), never the district: a feed is read by whoever has its address."""
    need = entry.placement.need
    if entry.own or shield_of(session, need.requester_id) is not None:
        return ""
    return place_in(register, [need.area_code] if need.area_code else [], UNKNOWN_PLACE)


def _changed_at(placement: Placement) -> datetime:
    moments = (placement.decided_at, placement.confirmed_at, placement.cancelled_at)
    return max(moment for moment in moments if moment is not None)
