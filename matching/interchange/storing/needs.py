"""Rows of the needs list into needs and who asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.cells.names import is_damaged, name_key
from matching.interchange.storing.bulk import Details, Rows, in_chunks
from matching.interchange.storing.fields import NEED, PLACE, REQUESTER
from matching.interchange.storing.numbering import Numbers, ids_by_reference
from matching.interchange.storing.people import People
from matching.interchange.storing.states import state_of_known_need, state_of_new_need
from matching.interchange.storing.tally import ADDED, Entry, Tally, outcome_of
from matching.interchange.storing.values import values_of
from matching.interchange.storing.whereabouts import area_values, moved_values, point_values
from matching.interchange.storing.words import note_with_words
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.needs.models import Need, NeedSkill
from matching.needs.receiving import write_reference
from matching.needs.rules import answer_due_on
from matching.people.models import WelfareCommissioner

_BLANK: dict[str, Any] = {
    "channel": "phone",
    "requester_relation": None,
    "recipient_age": None,
    "household": None,
    "commissioner_id": None,
    "proxy_reference": None,
    "proxy_name": None,
    "proxy_phone": None,
    "postal_code": None,
    "address": None,
    "area_code": None,
    "district_code": None,
    "lat": None,
    "lon": None,
    "category_text": None,
    "headcount": 1,
    "min_headcount": None,
    "start_on": None,
    "end_on": None,
    "weekdays": [],
    "from_minute": None,
    "to_minute": None,
    "duration_minutes": None,
    "recurrence": "once",
    "urgency": "normal",
    "decide_by_on": None,
    "gender_preference": None,
    "car_needed": False,
    "destination": None,
    "destination_lat": None,
    "destination_lon": None,
    "note": None,
    "owner_id": None,
    "next_action": None,
    "next_action_on": None,
    "closed_at": None,
    "version": 1,
}
_FIRST_STEPS = {
    "ready": "手伝う人を決める",
    "on_hold": "保留を見直す",
    "received": "見立てをする",
}
_IDENTITY = ("title", "category_code", "start_on", "from_minute")
Same = tuple[Any, ...]


def _reversed_end(row: Mapping[str, Any]) -> str:
    """The field of an end that lies before its beginning, or ""."""
    if row["start_on"] and row["end_on"] and row["end_on"] < row["start_on"]:
        return "end_date"
    start, end = row["from_minute"], row["to_minute"]
    return "time_to" if start is not None and end is not None and end <= start else ""


class NeedStore:
    """Adds and changes needs; a row without number is found by who asks, for what and when."""

    def __init__(self, session: Session, actor: Actor, now: datetime, tally: Tally) -> None:
        self._session, self._now, self._tally = session, now, tally
        self._today = clock.local_date(now)
        self._filed_by_id = actor.account_id
        self._people = People(session, actor, now)
        self._rows = Rows(session, Need)
        self._skills = Details(session, NeedSkill.need_id, NeedSkill.skill_code)
        self._by_reference: dict[str, int] = {}
        self._alike: defaultdict[Same, list[int]] = defaultdict(list)
        self._met: set[int] = set()

    def load(self, entries: Sequence[Entry]) -> None:
        """Read all needs, who asked for them, and the commissioners who may speak for them."""
        self._rows.load()
        self._by_reference = {row["reference"]: i for i, row in self._rows.known.items()}
        names = (entry.record.get("requester_name", "") for entry in entries)
        self._people.load(names, (row["requester_id"] for row in self._rows.known.values()))
        for need_id, row in self._rows.known.items():
            self._alike[self._same(self._people[row["requester_id"]]["name"], row)].append(need_id)
        for owners in in_chunks(list(self._rows.known)):
            self._skills.load(owners)
        self._commissioners = ids_by_reference(self._session, WelfareCommissioner)
        self._numbers = Numbers(
            self._session,
            "need_references",
            self._by_reference,
            lambda count: write_reference(count, self._today),
        )

    def take(self, entry: Entry) -> None:
        """Decide what becomes of one row."""
        record = entry.record
        values = values_of(record, NEED)
        need_id = self._find(record.get("need_id", ""), record["requester_name"], values)
        row = {**(_BLANK if need_id is None else self._rows.known[need_id]), **values}
        if wrong := _reversed_end(row):
            self._tally.refuse("needs", entry.line, wrong, "range_reversed", record.get(wrong, ""))
            return
        if (row["min_headcount"] or 1) > row["headcount"]:
            values["min_headcount"] = row["headcount"]
            least = str(row["min_headcount"])
            self._tally.report("needs", entry.line, "min_headcount", "number_limited", least)
        if need_id is None:
            need_id = self._add(entry, values)
            self._tally.count(ADDED)
        else:
            self._tally.count(self._change(need_id, entry, values))
        self._met.add(need_id)

    def _find(self, reference: str, name: str, values: Mapping[str, Any]) -> int | None:
        if reference:
            return self._by_reference.get(reference)
        alike = self._alike[self._same(name, values)]
        return next((need_id for need_id in alike if need_id not in self._met), None)

    def _same(self, name: str, row: Mapping[str, Any]) -> Same:
        return (name_key(name), *(row.get(column) for column in _IDENTITY))

    def _add(self, entry: Entry, values: Mapping[str, Any]) -> int:
        record = entry.record
        reference = record.get("need_id") or self._numbers.next()
        row = {
            **_BLANK,
            "received_at": self._now,
            **point_values(record),
            **area_values(record),
            **values,
            **self._told(record, {}),
            "requester_id": self._requester(record),
            "reference": reference,
            "filed_by_id": self._filed_by_id,
        }
        state = state_of_new_need(record.get("status", ""), row["start_on"])
        if state in ("ready", "matching") and not CATEGORY_BY_CODE[row["category_code"]].accepted:
            self._tally.report("needs", entry.line, "category", "category_not_for_volunteers")
            state = "received"
        step = _FIRST_STEPS.get(state)
        due = answer_due_on(row["urgency"], self._today) if step else None
        need_id = self._rows.add(
            {**row, "state": state, "next_action": step, "next_action_on": due}
        )
        self._by_reference[reference] = need_id
        self._skills.replace(need_id, _codes(record))
        return need_id

    def _requester(self, record: Mapping[str, str]) -> int:
        """The person or body that asks: one already known by name and phone, or a new one."""
        values = values_of(record, REQUESTER)
        relation = record.get("requester_relation", "")
        if relation == "self":
            values |= values_of(record, PLACE) | point_values(record) | area_values(record)
        known = self._people.find(values, lambda _: True, by=("phone", "address"))
        if known is not None:
            self._people.fill(known, values)
            return known
        return self._people.add(
            {**values, "kind": "body" if relation == "facility" else "individual"}
        )

    def _change(self, need_id: int, entry: Entry, values: dict[str, Any]) -> str:
        record, row = entry.record, self._rows.known[need_id]
        changes = {
            **moved_values(record, row),
            **values,
            **self._told(record, row),
            **self._asked_by(record, row),
        }
        state, is_kept = state_of_known_need(
            row["state"], record.get("status", ""), row["start_on"], changes.get("start_on")
        )
        if is_kept:
            self._tally.report("needs", entry.line, "status", "status_kept", record["status"])
        is_changed = self._rows.change(need_id, {**changes, "state": state})
        skills = _codes(record)
        if skills and self._skills.replace(need_id, skills):
            self._rows.touch(need_id)
            is_changed = True
        return outcome_of(is_changed)

    def _asked_by(self, record: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
        person_id = row["requester_id"]
        name = record["requester_name"]
        if self._people[person_id]["name_key"] != name_key(name) and not is_damaged(name):
            return {"requester_id": self._requester(record)}
        self._people.fill(person_id, values_of(record, REQUESTER))
        return {}

    def _told(self, record: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {"note": note_with_words("needs", record, row.get("note"))}
        if record.get("proxy_id"):
            told["commissioner_id"] = self._commissioners.get(record["proxy_id"])
        return told

    def write(self) -> None:
        """Write all rows."""
        self._people.write()
        self._rows.write()
        self._skills.write()


def _codes(record: Mapping[str, str]) -> set[tuple[Any, ...]]:
    return {(code,) for code in record.get("required_skills", "").split(";") if code}
