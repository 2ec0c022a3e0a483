"""Receiving a need: from whatever channel, into one row with owner-less state `received`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.kernel import audit, outbox, tasks
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Invalid
from matching.kernel.references import next_reference
from matching.needs.models import Need, NeedSkill
from matching.needs.noting import note_down
from matching.needs.rules import answer_due_at, answer_due_on
from matching.needs.scope import notes_on
from matching.needs.sheet import ENOUGH, SheetEntry, attach
from matching.people import consenting
from matching.people.likeness import hold_lookalikes
from matching.people.models import Person
from matching.people.registering import Contact, add_person, person_for
from matching.places.calendar import fiscal_year_of
from matching.places.wareki import era_of


@dataclass(frozen=True)
class NeedEntry:
    """What somebody asks for, as read from a form or a phone call.

    Times are minutes past midnight, weekdays 0 (Monday) to 6. `consents` are the purposes the
    person agreed to. `location` is (lat, lon) of the place of the visit. Staff may have settled
    who the person is: `person_id`, or `another_person` where a namesake is somebody else (BR-05).
    """

    contact: Contact
    category_code: str
    title: str
    channel: str
    requester_relation: str = "self"
    recipient_age: int | None = None
    household: str | None = None
    postal_code: str | None = None
    address: str | None = None
    area_code: str | None = None
    district_code: str | None = None
    location: tuple[float, float] | None = None
    headcount: int = 1
    start_on: date | None = None
    end_on: date | None = None
    weekdays: tuple[int, ...] = ()
    from_minute: int | None = None
    to_minute: int | None = None
    duration_minutes: int | None = None
    recurrence: str = "once"
    urgency: str = "normal"
    gender_preference: str | None = None
    car_needed: bool = False
    destination: str | None = None
    note: str | None = None
    required_skills: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    commissioner_id: int | None = None
    proxy_name: str | None = None
    proxy_phone: str | None = None
    sheet: SheetEntry = field(default_factory=SheetEntry)
    person_id: int | None = None
    another_person: str | None = None


def open_need(session: Session, entry: NeedEntry, actor: Actor, now: datetime) -> Need:
    """Write a need in state `received` and ask for a first look at who could help.

    Raises Invalid where the dates, times or head count cannot be.
    """
    check_entry(entry, local_date(now))
    person = _person_of(session, entry, actor, now)
    need = Need(
        reference=next_reference(
            session,
            "need_references",
            Need.reference,
            lambda count: write_reference(count, local_date(now)),
        ),
        state="received",
        received_at=now,
        requester_id=person.id,
        lat=entry.location[0] if entry.location else None,
        lon=entry.location[1] if entry.location else None,
        weekdays=list(entry.weekdays),
        filed_by_id=actor.account_id,
        next_action="見立て",
        next_action_on=answer_due_on(entry.urgency, local_date(now)),
        **{name: getattr(entry, name) for name in _COPIED},
    )
    session.add(need)
    session.flush()
    session.add_all(NeedSkill(need_id=need.id, skill_code=code) for code in entry.required_skills)
    if entry.sheet != SheetEntry():
        attach(session, need, entry.sheet, now)
    _keep_words(session, need, entry, actor, now)
    _keep_reason(session, need, entry, actor, now)
    hold_lookalikes(session, [person.id], now)
    audit.record(session, actor, now, "need_received", "need", need.id, channel=entry.channel)
    outbox.plan_soon(session, now)
    return need


def _person_of(session: Session, entry: NeedEntry, actor: Actor, now: datetime) -> Person:
    if entry.person_id is not None:
        return session.get_one(Person, entry.person_id)
    if entry.another_person:
        return add_person(session, entry.contact, now)
    return person_for(session, entry.contact, actor, now, own=_is_own(entry))


def _keep_words(
    session: Session, need: Need, entry: NeedEntry, actor: Actor, now: datetime
) -> None:
    """Record consents; what only somebody else said waits for the person's own word (BR-04)."""
    method = "web" if entry.channel == "web" else "paper" if entry.channel == "fax" else "oral"
    given = entry.sheet.consent_basis in ENOUGH
    for purpose in entry.consents if given else ("coordination_use",):
        word = consenting.Word(
            purpose,
            "given" if given else "requested",
            method,
            agreed_on=local_date(now),
            witness=_witness(entry, actor),
        )
        consenting.record(session, need.requester_id, word, actor, now)
    if not given:
        due = answer_due_at(entry.urgency, now)
        tasks.open_task(
            session, "consent_missing", ("need", need.id), due, now, area_code=need.area_code
        )


def _witness(entry: NeedEntry, actor: Actor) -> str | None:
    """Who heard the person say so: whoever calls for them, or else the member of staff."""
    if entry.sheet.consent_basis == "self" and entry.channel == "web":
        return None
    return entry.proxy_name or actor.display_name or None


def _keep_reason(
    session: Session, need: Need, entry: NeedEntry, actor: Actor, now: datetime
) -> None:
    """Keep why a namesake is another person (BR-05); the audit trail holds no text."""
    said = (entry.another_person or "")[:LONGEST_REASON]
    if (note := note_down(session, need.id, "note", said, actor, now)) is not None:
        audit.record(session, actor, now, "namesake_told_apart", "need", need.id, note=note)


LONGEST_REASON = 500
_COPIED = (
    "category_code",
    "title",
    "channel",
    "requester_relation",
    "recipient_age",
    "household",
    "postal_code",
    "address",
    "area_code",
    "district_code",
    "headcount",
    "start_on",
    "end_on",
    "from_minute",
    "to_minute",
    "duration_minutes",
    "recurrence",
    "urgency",
    "gender_preference",
    "car_needed",
    "destination",
    "note",
    "commissioner_id",
    "proxy_name",
    "proxy_phone",
)


def _is_own(entry: NeedEntry) -> bool:
    return entry.requester_relation == "self" and entry.channel == "web"


def write_reference(count: int, today: date) -> str:
    """Return the number of a need, by fiscal year: R8-0001."""
    era, year = era_of(date(fiscal_year_of(today), 4, 1))
    return f"{era.letter}{year}-{count:04d}"


def check_entry(entry: NeedEntry, today: date) -> None:
    """Refuse what cannot be: reversed dates or times, a day gone by, a visit beyond its window."""
    if entry.start_on and entry.start_on < today and (entry.end_on or entry.start_on) < today:
        raise Invalid(
            "希望日がすでに過ぎています。今日よりあとの日を選んでください。", field="start_date"
        )
    if entry.start_on and entry.end_on and entry.end_on < entry.start_on:
        raise Invalid(
            "終わりの日が始まりの日より前です。日付をたしかめてください。", field="end_date"
        )
    if entry.end_on and not entry.start_on:
        raise Invalid("始まりの日も入力してください。", field="start_date")
    if not 1 <= entry.headcount <= 200:
        raise Invalid("人数は1から200までの数字で入力してください。", field="headcount")
    _check_window(entry)
    _check_scope(entry)


def _check_scope(entry: NeedEntry) -> None:
    """Refuse a fare (BR-22) and much cash (BR-23), wherever they are named."""
    said = "\n".join([entry.title, entry.note or "", *entry.sheet.answers.values()])
    for note in notes_on(entry.category_code, said):
        if note.blocks:
            raise Invalid(note.sentence, field="title", code=note.rule)


def _check_window(entry: NeedEntry) -> None:
    if entry.from_minute is None or entry.to_minute is None:
        return
    if entry.from_minute >= entry.to_minute:
        raise Invalid(
            "終わりの時刻が始まりの時刻より前です。時刻をたしかめてください。", field="time_to"
        )
    if (entry.duration_minutes or 0) > entry.to_minute - entry.from_minute:
        raise Invalid(
            "所要時間が、希望の時間帯より長くなっています。どちらかを直してください。",
            field="duration_minutes",
        )
