"""Volunteers by program: list, register, read, change, replace the weekly times."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from matching.api.bodies import record_from, schema_of, typed
from matching.api.calls import Call, Reply, note_read, operation
from matching.api.paging import QUERY, page_of
from matching.api.problems import Refused, wrong
from matching.api.reach import volunteers_of
from matching.cells.weekdays import DAYS
from matching.interchange.storing.fields import PERSON, VOLUNTEER
from matching.interchange.storing.values import hhmm, minutes, record_of, values_of
from matching.interchange.storing.volunteers import SHEET_STATES
from matching.interchange.storing.whereabouts import area_values, moved_values, point_values
from matching.kernel import audit, outbox
from matching.kernel.errors import NotFound
from matching.kernel.permissions import DESK, STAFF, sees_area
from matching.people.registering import Contact
from matching.places.reference import AREA_BY_CODE
from matching.volunteers import queries
from matching.volunteers.changing import change_availability
from matching.volunteers.models import Volunteer, VolunteerCategory, VolunteerSkill
from matching.volunteers.registering import VolunteerEntry, register

FIELDS = schema_of("volunteers")
PRIVATE = {"note", "birth_date"}  # not for the reception
CONSENTS = {"consents": {"type": "array", "items": {"type": "string"}}}
# What a program may change; the rest is decided by a person at the desk.
EDITABLE = {
    "phone",
    "mobile",
    "email",
    "contact_method",
    "postal_code",
    "address",
    "skills",
    "categories",
    "transport",
    "max_distance_km",
    "max_hours_per_month",
    "notice_days",
    "occupation",
    "note",
}


@operation(
    "GET", "/volunteers", "my.read", "List volunteers", tag="volunteers", answer="page", query=QUERY
)
def listed(call: Call) -> Reply:
    """Return the volunteers within reach, by number."""
    return page_of(
        call.session,
        volunteers_of(call.actor),
        Volunteer.id,
        lambda volunteer: written(call, volunteer),
    )


@operation(
    "POST",
    "/volunteers",
    "volunteer.register",
    "Register a volunteer; the state is applicant until a person at the desk has met them",
    tag="volunteers",
    answer="volunteer",
    body=FIELDS | CONSENTS,
    record=True,
)
def added(call: Call) -> Reply:
    """Register somebody; volunteers themselves, or the desk for somebody else."""
    record = record_from("volunteers", call.body, beside=("consents",))
    made = register(
        call.session, _entry(call.body, record), call.actor, call.now, own=_is_own(call)
    )
    call.session.refresh(made, ["person"])
    return Reply(written(call, made), 201, made.version, location=f"/volunteers/{made.reference}")


def _is_own(call: Call) -> bool:
    return DESK.isdisjoint(call.actor.roles)


def _entry(body: dict[str, Any], record: dict[str, str]) -> VolunteerEntry:
    if not record.get("name"):
        raise _missing("name")
    where = area_values(record) | point_values(record)
    person = values_of(record, PERSON) | where
    offered = values_of(record, VOLUNTEER)
    return VolunteerEntry(
        contact=Contact(**person),
        categories=_codes(record, "categories"),
        skills=_codes(record, "skills"),
        slots=slots_from(record.get("availability", "")),
        note=record.get("note") or None,
        consents=_texts(body.get("consents", [])),
        **{
            name: offered[name]
            for name in ("transport", "max_distance_km", "max_hours_per_month", "occupation")
            if name in offered
        },
        notice_days=offered.get("notice_days", 0),
    )


def _missing(name: str) -> Refused:
    errors = [{"field": name, "detail": "This field is needed."}]
    return Refused(422, "Some fields are missing.", code="fields", errors=errors)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise wrong("consents", "Send a list of purposes.")
    return tuple(value)


def _codes(record: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, record.get(name, "").split(";")))


def slots_from(text: str) -> tuple[tuple[int, int, int], ...]:
    """Read `Mon 09:00-12:00;…` into weekday and minutes."""
    slots = []
    for part in filter(None, text.split(";")):
        day, _, span = part.partition(" ")
        start, _, end = span.partition("-")
        slots.append((DAYS.index(day), minutes(start), minutes(end)))
    return tuple(slots)


@operation(
    "GET", "/volunteers/<volunteer_id>", "my.read", "One volunteer", tag="volunteers",
    answer="volunteer",
)  # fmt: skip
def one(call: Call, volunteer_id: str) -> Reply:
    """Return one volunteer with the version to send back as If-Match."""
    found = _get(call, volunteer_id)
    return Reply(written(call, found), version=found.version)


def _held(call: Call, reference: str) -> Volunteer:
    """The volunteer as the caller has read it, kept so until the change is written."""
    found = _get(call, reference)
    call.session.refresh(found, with_for_update={"of": Volunteer})
    call.expects(found.version)
    return found


def _get(call: Call, reference: str) -> Volunteer:
    wanted = volunteers_of(call.actor).where(Volunteer.reference == reference)
    found: Volunteer | None = call.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


@operation(
    "PATCH",
    "/volunteers/<volunteer_id>",
    "my.availability",
    "Change some fields of a volunteer",
    tag="volunteers",
    answer="volunteer",
    body={name: FIELDS.get(name, {"type": ["string", "null"]}) for name in sorted(EDITABLE)},
    edits=True,
)
def changed(call: Call, volunteer_id: str) -> Reply:
    """Change what is sent; what is not sent stays."""
    found = _held(call, volunteer_id)
    record = record_from("volunteers", call.body)
    _change(call.session, found, record)
    found.version += 1
    audit.record(
        call.session,
        call.actor,
        call.now,
        "volunteer_changed",
        "volunteer",
        found.id,
        fields=sorted(record),
    )
    outbox.plan_soon(call.session, call.now)
    call.session.flush()
    return Reply(written(call, found), version=found.version)


def _change(session: Session, volunteer: Volunteer, record: dict[str, str]) -> None:
    person = volunteer.person
    moved = moved_values(record, {"address": person.address, "area_code": person.area_code,
                                  "lat": person.lat})  # fmt: skip
    for owner, fields in ((person, PERSON), (volunteer, VOLUNTEER)):
        told = values_of(record, fields)
        for name, (column, _read, _write) in fields.items():
            if name in record:
                setattr(owner, column, told.get(column, _unset(column)))
    for column, value in moved.items():
        setattr(person, column, value)
    if "note" in record:
        volunteer.note = record["note"] or None
    for name, model, code in (
        ("skills", VolunteerSkill, "skill_code"),
        ("categories", VolunteerCategory, "category_code"),
    ):
        if name in record:
            _replace(session, volunteer.id, model, code, set(_codes(record, name)))


def _unset(column: str) -> Any:
    return 0 if column == "notice_days" else None


def _replace(session: Session, volunteer_id: int, model: Any, code: str, wanted: set[str]) -> None:
    """Keep the rows that stay, so that what was verified stays verified."""
    own, column = model.volunteer_id == volunteer_id, getattr(model, code)
    session.execute(delete(model).where(own, column.not_in(wanted)))
    kept = {getattr(row, code) for row in session.query(model).filter(own)}
    session.add_all(
        model(volunteer_id=volunteer_id, **{code: value}) for value in sorted(wanted - kept)
    )


@operation(
    "PUT",
    "/volunteers/<volunteer_id>/availability",
    "my.availability",
    "Replace the weekly times and the days away",
    tag="volunteers",
    answer="volunteer",
    body={
        "availability": {"type": "array", "items": {"type": "string"}},
        "days_off": {"type": "array", "items": {"type": "string", "format": "date"}},
    },
    edits=True,
)
def replaced(call: Call, volunteer_id: str) -> Reply:
    """Replace the whole week; nothing sent means no known time, never always."""
    found = _held(call, volunteer_id)
    record = record_from("volunteers", call.body, beside=("days_off",))
    change_availability(
        call.session,
        found.id,
        slots_from(record.get("availability", "")),
        _days(call.body.get("days_off", [])),
        str(found.version),
        call.actor,
        call.now,
    )
    call.session.flush()
    return Reply(written(call, found), version=found.version)


def _days(value: Any) -> list[date]:
    try:
        if not isinstance(value, list):
            raise TypeError
        return [date.fromisoformat(each) for each in value]
    except (TypeError, ValueError):
        raise wrong("days_off", "Send a list of days as 2026-11-23.") from None


def written(call: Call, volunteer: Volunteer) -> dict[str, Any]:
    """Write a volunteer in the names of the sheet; other branches are not told the note.

    That contacts were read is kept (BR-34).
    """
    session, person = call.session, volunteer.person
    own = person.id == call.actor.person_id or sees_area(call.actor, person.area_code)
    note_read(call, person.id, ("volunteer", volunteer.id))
    skills_categories = queries.codes_of(session, volunteer.id)
    record = {
        "volunteer_id": volunteer.reference,
        **record_of(person, PERSON),
        **record_of(volunteer, VOLUNTEER),
        "district": AREA_BY_CODE[person.area_code].name if person.area_code else "",
        "skills": ";".join(skills_categories[1]),
        "categories": ";".join(skills_categories[0]),
        "availability": ";".join(
            f"{DAYS[slot.weekday]} {hhmm(slot.starts_minute)}-{hhmm(slot.ends_minute)}"
            for slot in queries.slots_of(session, volunteer.id)
        ),
        "status": SHEET_STATES.get(volunteer.state, ""),
        "note": (volunteer.note or "") if own else "",
    }
    whole = typed("volunteers", record) | {"state": volunteer.state, "version": volunteer.version}
    reception = STAFF.isdisjoint(call.actor.roles) and person.id != call.actor.person_id
    return {name: value for name, value in whole.items() if not reception or name not in PRIVATE}
