"""Registering as a volunteer: an application that a coordinator meets before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.references import next_reference
from matching.people import consenting
from matching.people.likeness import hold_lookalikes
from matching.people.registering import Contact, person_for
from matching.volunteers.models import (
    AvailabilitySlot,
    DayOff,
    Volunteer,
    VolunteerCategory,
    VolunteerSkill,
)

NO_CATEGORY = "やってみたい活動を一つ以上選んでください。"


@dataclass(frozen=True)
class VolunteerEntry:
    """What somebody offers; slots are (weekday 0-6, from, to) in minutes past midnight."""

    contact: Contact
    categories: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    slots: tuple[tuple[int, int, int], ...] = ()
    transport: str | None = None
    max_distance_km: float | None = None
    max_hours_per_month: float | None = None
    max_visits_per_week: int | None = None
    notice_days: int = 0
    occupation: str | None = None
    note: str | None = None
    consents: tuple[str, ...] = ()
    days_off: tuple[date, ...] = ()


def register(
    session: Session, entry: VolunteerEntry, actor: Actor, now: datetime, *, own: bool = True
) -> Volunteer:
    """Write an application in state `applicant`; raises Conflict if the person is registered.

    `own` tells that the account registers its own person, not somebody else.
    """
    check_entry(entry)
    person = person_for(session, entry.contact, actor, now, own=own)
    if session.scalar(select(Volunteer.id).where(Volunteer.person_id == person.id)):
        raise Conflict(
            "すでに登録があります。内容を変えたいときは、センターへお電話ください。",
            code="registered",
        )
    volunteer = Volunteer(
        reference=next_reference(
            session, "volunteer_references", Volunteer.reference, "V{:05d}".format
        ),
        person_id=person.id,
        state="applicant",
        registered_on=local_date(now),
        created_at=now,
        **{name: getattr(entry, name) for name in _COPIED},
    )
    session.add(volunteer)
    session.flush()
    _add_details(session, volunteer.id, entry)
    consenting.give(session, person.id, entry.consents, "web", actor, now)
    hold_lookalikes(session, [person.id], now)
    audit.record(session, actor, now, "volunteer_applied", "volunteer", volunteer.id)
    return volunteer


_COPIED = (
    "transport",
    "max_distance_km",
    "max_hours_per_month",
    "max_visits_per_week",
    "notice_days",
    "occupation",
    "note",
)


def _add_details(session: Session, volunteer_id: int, entry: VolunteerEntry) -> None:
    session.add_all(
        VolunteerCategory(volunteer_id=volunteer_id, category_code=code)
        for code in entry.categories
    )
    session.add_all(
        VolunteerSkill(volunteer_id=volunteer_id, skill_code=code) for code in entry.skills
    )
    session.add_all(
        AvailabilitySlot(
            volunteer_id=volunteer_id, weekday=weekday, starts_minute=start, ends_minute=end
        )
        for weekday, start, end in entry.slots
    )
    session.add_all(
        DayOff(volunteer_id=volunteer_id, off_on=day) for day in sorted(set(entry.days_off))
    )


def check_entry(entry: VolunteerEntry) -> None:
    """Refuse an offer without a way to answer it."""
    if not (entry.contact.phone or entry.contact.mobile or entry.contact.email):
        raise Invalid("電話番号かメールアドレスの、どちらかを入力してください。", field="phone")
    if not entry.categories:
        raise Invalid(NO_CATEGORY, field="categories")
