"""Rows of the volunteers' register into persons and their registrations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.cells.weekdays import DAYS
from matching.interchange.storing.bulk import Details, Rows, in_chunks
from matching.interchange.storing.fields import PERSON, VOLUNTEER
from matching.interchange.storing.numbering import Numbers, ids_by_reference
from matching.interchange.storing.people import People
from matching.interchange.storing.tally import ADDED, Entry, Tally, outcome_of
from matching.interchange.storing.values import minutes, values_of
from matching.interchange.storing.whereabouts import area_values, moved_values, point_values
from matching.interchange.storing.words import note_with_words
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.places.calendar import end_of_fiscal_year, fiscal_year_of
from matching.volunteers.models import (
    AvailabilitySlot,
    Volunteer,
    VolunteerCategory,
    VolunteerGroup,
    VolunteerSkill,
)
from matching.volunteers.rules import TRANSITIONS

# A state -> what a sheet calls it. One that a sheet cannot say is never changed by a sheet.
SHEET_STATES = {
    "active": "active",
    "paused": "paused",
    "suspended": "paused",
    "withdrawn": "withdrawn",
}
_BLANK: dict[str, Any] = {
    "group_id": None,
    "state": "active",
    "occupation": None,
    "transport": None,
    "max_distance_km": None,
    "max_hours_per_month": None,
    "max_visits_per_week": None,
    "notice_days": 0,
    "guardian_consent_until": None,
    "insured_until": None,
    "last_active_on": None,
    "group_reference": None,
    "note": None,
    "version": 1,
}
OWN_LIMITS = ("max_distance_km", "max_hours_per_month", "notice_days")
"""Columns in which volunteers say how much is too much: unread, they must not become no limit."""

Lists = dict[str, set[tuple[Any, ...]]]


class VolunteerStore:
    """Adds and changes volunteers; a row without number is found by its person."""

    def __init__(self, session: Session, actor: Actor, now: datetime, tally: Tally) -> None:
        self._session, self._now, self._tally = session, now, tally
        self._today = clock.local_date(now)
        self._people = People(session, actor, now)
        self._rows = Rows(session, Volunteer)
        self._details = {
            # The centre's own register counts as proof seen; its expiry is not known (BR-11).
            "skills": Details(
                session,
                VolunteerSkill.volunteer_id,
                VolunteerSkill.skill_code,
                said_of_new={"verified_on": local_date(now)},
            ),
            "categories": Details(
                session, VolunteerCategory.volunteer_id, VolunteerCategory.category_code
            ),
            "availability": Details(
                session,
                AvailabilitySlot.volunteer_id,
                AvailabilitySlot.weekday,
                AvailabilitySlot.starts_minute,
                AvailabilitySlot.ends_minute,
            ),
        }
        self._by_reference: dict[str, int] = {}
        self._by_person: dict[int, int] = {}
        self._met: set[int] = set()

    def load(self, entries: Sequence[Entry]) -> None:
        """Read all that the rows may mean."""
        self._rows.load()
        self._by_reference = {row["reference"]: i for i, row in self._rows.known.items()}
        self._by_person = {row["person_id"]: i for i, row in self._rows.known.items()}
        self._people.load((entry.record.get("name", "") for entry in entries), self._by_person)
        for owners in in_chunks(list(self._rows.known)):
            for details in self._details.values():
                details.load(owners)
        self._groups = ids_by_reference(self._session, VolunteerGroup)
        self._numbers = Numbers(
            self._session, "volunteer_references", self._by_reference, "V{:05d}".format
        )

    def take(self, entry: Entry) -> None:
        """Decide what becomes of one row."""
        record = entry.record
        person = values_of(record, PERSON)
        volunteer_id = self._find(record.get("volunteer_id", ""), person)
        if volunteer_id is None:
            volunteer_id = self._add(entry, person)
            self._tally.count(ADDED)
        else:
            self._tally.count(outcome_of(*self._change(volunteer_id, entry, person)))
        self._met.add(volunteer_id)

    def _find(self, reference: str, person: Mapping[str, Any]) -> int | None:
        if reference:
            return self._by_reference.get(reference)

        def unmet(person_id: int) -> bool:
            known = self._by_person.get(person_id)
            return known is not None and known not in self._met

        by = ("phone", "birth_on", "address")
        person_id = self._people.find(person, unmet, by=by)
        if person_id is None:
            person_id = self._people.find_by_name_alone(person, unmet)
        return None if person_id is None else self._by_person[person_id]

    def _add(self, entry: Entry, person: dict[str, Any]) -> int:
        record = entry.record
        person_id = self._people.find(
            person, lambda i: i not in self._by_person, by=("phone", "birth_on")
        )
        whole = {**point_values(record), **area_values(record), **person}
        if person_id is None:
            person_id = self._people.add(whole)
        else:
            self._people.change(person_id, whole)
        values = self._values(record, {})
        volunteer_id = self._rows.add(
            {
                **_BLANK,
                "registered_on": self._today,
                **values,
                "state": self._first_state(entry),
                "reference": record.get("volunteer_id") or self._numbers.next(),
                "person_id": person_id,
                "created_at": self._now,
            }
        )
        self._by_reference[self._rows.known[volunteer_id]["reference"]] = volunteer_id
        self._by_person[person_id] = volunteer_id
        for name, wanted in _lists(record).items():
            self._details[name].replace(volunteer_id, wanted)
        return volunteer_id

    def _first_state(self, entry: Entry) -> str:
        """Pause somebody new whose own limit cannot be read, until a person has looked at it."""
        record = entry.record
        state = record.get("status") or "active"
        unread = [name for name in OWN_LIMITS if record.get(f"{name}_text") and not record[name]]
        if not unread or state != "active":
            return state
        self._tally.report("volunteers", entry.line, unread[0], "limit_unclear")
        return "paused"

    def _change(self, volunteer_id: int, entry: Entry, person: dict[str, Any]) -> Iterator[bool]:
        record, row = entry.record, self._rows.known[volunteer_id]
        yield self._change_person(row["person_id"], record, person)
        values = self._values(record, row)
        state = self._state(row["state"], entry)
        yield self._rows.change(volunteer_id, {**values, "state": state})
        for name, wanted in _lists(record).items():
            if wanted and self._details[name].replace(volunteer_id, wanted):
                self._rows.touch(volunteer_id)
                yield True

    def _change_person(
        self, person_id: int, record: Mapping[str, str], person: dict[str, Any]
    ) -> bool:
        place = moved_values(record, self._people[person_id])
        return self._people.change(person_id, {**place, **person})

    def _values(self, record: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
        values = values_of(record, VOLUNTEER)
        if "group_reference" in values:
            values["group_id"] = self._groups.get(values["group_reference"])
        insured_until = self._insured_until(record, row)
        if insured_until is not None and "insured_until" not in values:
            values["insured_until"] = insured_until
        values["note"] = note_with_words("volunteers", record, row.get("note"))
        return values

    def _insured_until(self, record: Mapping[str, str], row: Mapping[str, Any]) -> date | None:
        """加入済 means to the end of this fiscal year, as the insurance runs."""
        known = row.get("insured_until")
        if record.get("insured") != "1":
            return known
        year_end = end_of_fiscal_year(fiscal_year_of(self._today))
        return max(known, year_end) if known else year_end

    def _state(self, present: str, entry: Entry) -> str:
        wanted = entry.record.get("status") or present
        if wanted == SHEET_STATES.get(present, present):
            return present
        if present in SHEET_STATES and present != "suspended" and wanted in TRANSITIONS[present]:
            return wanted
        self._tally.report("volunteers", entry.line, "status", "status_kept", wanted)
        return present

    def write(self) -> None:
        """Write all rows."""
        self._people.write()
        self._rows.write()
        for details in self._details.values():
            details.write()


def _lists(record: Mapping[str, str]) -> Lists:
    slots = (slot.split() for slot in filter(None, record.get("availability", "").split(";")))
    return {
        "skills": _codes(record.get("skills", "")),
        "categories": _codes(record.get("categories", "")),
        "availability": {
            (DAYS.index(day), minutes(window[:5]), minutes(window[6:])) for day, window in slots
        },
    }


def _codes(text: str) -> set[tuple[Any, ...]]:
    return {(code,) for code in text.split(";") if code}
