"""Rows of the commissioners' list into persons and their commissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.interchange.storing.bulk import Rows
from matching.interchange.storing.fields import COMMISSIONER, PERSON
from matching.interchange.storing.numbering import Numbers
from matching.interchange.storing.people import People
from matching.interchange.storing.tally import ADDED, Entry, Tally, outcome_of
from matching.interchange.storing.values import values_of
from matching.interchange.storing.whereabouts import area_values
from matching.kernel.actor import Actor
from matching.people.models import WelfareCommissioner

_BLANK: dict[str, Any] = {
    "area_code": None,
    "district_code": None,
    "towns": None,
    "since_on": None,
}


class CommissionerStore:
    """Adds and changes commissioners; a row without number is found by its person."""

    def __init__(self, session: Session, actor: Actor, now: datetime, tally: Tally) -> None:
        self._session, self._tally = session, tally
        self._people = People(session, actor, now)
        self._rows = Rows(session, WelfareCommissioner)
        self._by_reference: dict[str, int] = {}
        self._by_person: dict[int, int] = {}
        self._met: set[int] = set()

    def load(self, entries: Sequence[Entry]) -> None:
        """Read all commissioners and the persons the rows may mean."""
        self._rows.load()
        self._by_reference = {row["reference"]: i for i, row in self._rows.known.items()}
        self._by_person = {row["person_id"]: i for i, row in self._rows.known.items()}
        self._people.load((entry.record.get("name", "") for entry in entries), self._by_person)
        self._numbers = Numbers(
            self._session, "commissioner_references", self._by_reference, "C{:04d}".format
        )

    def take(self, entry: Entry) -> None:
        """Decide what becomes of one row."""
        person = values_of(entry.record, PERSON)
        values = {**area_values(entry.record), **values_of(entry.record, COMMISSIONER)}
        found = self._find(entry.record.get("commissioner_id", ""), person)
        if found is None:
            found = self._add(entry.record, person, values)
            self._tally.count(ADDED)
        else:
            person_id = self._rows.known[found]["person_id"]
            changes = self._people.change(person_id, person), self._rows.change(found, values)
            self._tally.count(outcome_of(*changes))
        self._met.add(found)

    def _find(self, reference: str, person: Mapping[str, Any]) -> int | None:
        if reference:
            return self._by_reference.get(reference)

        def unmet(person_id: int) -> bool:
            known = self._by_person.get(person_id)
            return known is not None and known not in self._met

        person_id = self._people.find(person, unmet, by=("phone",))
        if person_id is None:
            person_id = self._people.find_by_name_alone(person, unmet)
        return None if person_id is None else self._by_person[person_id]

    def _add(
        self, record: Mapping[str, str], person: Mapping[str, Any], values: Mapping[str, Any]
    ) -> int:
        person_id = self._people.find(person, lambda i: i not in self._by_person, by=("phone",))
        if person_id is None:
            person_id = self._people.add({**area_values(record), **person})
        else:
            self._people.fill(person_id, person)
        reference = record.get("commissioner_id") or self._numbers.next()
        row = {**_BLANK, **values, "reference": reference, "person_id": person_id}
        found = self._rows.add(row)
        self._by_reference[reference] = found
        self._by_person[person_id] = found
        return found

    def write(self) -> None:
        """Write all rows."""
        self._people.write()
        self._rows.write()
