"""Rows of the groups' register into groups; one without number is found by its folded name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.cells.names import organisation_key
from matching.interchange.storing.bulk import Rows
from matching.interchange.storing.fields import GROUP
from matching.interchange.storing.numbering import Numbers
from matching.interchange.storing.tally import ADDED, Entry, Tally, outcome_of
from matching.interchange.storing.values import values_of
from matching.interchange.storing.whereabouts import moved_values
from matching.interchange.storing.words import note_with_words
from matching.kernel.actor import Actor
from matching.volunteers.models import VolunteerGroup

_BLANK: dict[str, Any] = {
    "name_kana": None,
    "representative": None,
    "phone": None,
    "email": None,
    "postal_code": None,
    "address": None,
    "area_code": None,
    "district": None,
    "lat": None,
    "lon": None,
    "activities": None,
    "activity_area": None,
    "member_count": None,
    "founded_on": None,
    "meeting": None,
    "state": "active",
    "note": None,
    "version": 1,
}


class GroupStore:
    """Adds and changes groups."""

    def __init__(self, session: Session, actor: Actor, now: datetime, tally: Tally) -> None:
        self._session, self._now, self._tally = session, now, tally
        self._rows = Rows(session, VolunteerGroup)
        self._by_reference: dict[str, int] = {}
        self._by_name: dict[str, int] = {}

    def load(self, entries: Sequence[Entry]) -> None:
        """Read all groups."""
        self._rows.load()
        for group_id, row in self._rows.known.items():
            self._by_reference[row["reference"]] = group_id
            self._by_name.setdefault(row["name_key"], group_id)
        self._numbers = Numbers(
            self._session, "group_references", self._by_reference, "G{:04d}".format
        )

    def take(self, entry: Entry) -> None:
        """Decide what becomes of one row."""
        record = entry.record
        reference = record.get("group_id", "")
        key = organisation_key(record.get("group_name", ""))
        group_id = self._by_reference.get(reference) if reference else self._by_name.get(key)
        if group_id is None:
            self._add(record, reference, key)
            self._tally.count(ADDED)
            return
        row = self._rows.known[group_id]
        values = self._values(record, row)
        self._tally.count(outcome_of(self._rows.change(group_id, {**values, "name_key": key})))

    def _add(self, record: Mapping[str, str], reference: str, key: str) -> None:
        reference = reference or self._numbers.next()
        values = self._values(record, _BLANK)
        row = {**_BLANK, **values, "reference": reference, "name_key": key}
        group_id = self._rows.add({**row, "created_at": self._now})
        self._by_reference[reference] = group_id
        self._by_name.setdefault(key, group_id)

    def _values(self, record: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
        place = {n: v for n, v in moved_values(record, row).items() if n != "district_code"}
        note = note_with_words("groups", record, row["note"])
        return {**place, **values_of(record, GROUP), "note": note}

    def write(self) -> None:
        """Write all rows."""
        self._rows.write()
