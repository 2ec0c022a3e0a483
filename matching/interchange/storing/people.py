"""Persons behind the rows of a sheet: found again by name and phone, birth date or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from matching.cells.names import is_damaged, name_key
from matching.interchange.storing.bulk import Rows, copy_rows, in_chunks
from matching.kernel.actor import Actor
from matching.people.consenting import TEXT_VERSION
from matching.people.likeness import hold_lookalikes
from matching.people.models import Consent, Person

_BLANK: dict[str, Any] = {
    "kind": "individual",
    "name_kana": None,
    "birth_on": None,
    "gender": None,
    "postal_code": None,
    "address": None,
    "area_code": None,
    "district_code": None,
    "lat": None,
    "lon": None,
    "phone": None,
    "mobile": None,
    "email": None,
    "contact_method": None,
    "language": "ja",
    "version": 1,
}
_TELLING = ("phone", "mobile", "birth_on", "address")


class People:
    """The persons a sheet may mean; those it adds consent by having signed the register."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._rows = Rows(session, Person)
        self._session, self._actor, self._now = session, actor, now
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._new: list[int] = []

    def load(self, names: Iterable[str], ids: Iterable[int]) -> None:
        """Read who has one of these names or numbers."""
        keys = sorted({name_key(name) for name in names if name})
        for some in in_chunks(keys):
            self._rows.load(Person.name_key.in_(some))
        for some_ids in in_chunks(sorted(set(ids) - set(self._rows.known))):
            self._rows.load(or_(Person.id.in_(some_ids)))
        for person_id, row in self._rows.known.items():
            self._by_key[row["name_key"]].append(person_id)

    def __getitem__(self, person_id: int) -> Mapping[str, Any]:
        return self._rows.known[person_id]

    def find(
        self, values: Mapping[str, Any], allowed: Callable[[int], bool], *, by: Collection[str]
    ) -> int | None:
        """Who has the same folded name and agrees in a column of `by`, contradicting in none."""
        candidates = self._by_key[name_key(values["name"])]
        return next((i for i in candidates if allowed(i) and self._agrees(i, values, by)), None)

    def find_by_name_alone(
        self, values: Mapping[str, Any], allowed: Callable[[int], bool]
    ) -> int | None:
        """Who has the same folded name, where nothing else is told of either."""
        if any(values.get(name) for name in _TELLING):
            return None
        candidates = self._by_key[name_key(values["name"])]
        return next((i for i in candidates if allowed(i) and not self._is_told(i)), None)

    def _is_told(self, person_id: int) -> bool:
        return any(self[person_id][name] for name in _TELLING)

    def _agrees(self, person_id: int, values: Mapping[str, Any], by: Collection[str]) -> bool:
        known = self[person_id]
        numbers = {known["phone"], known["mobile"]} - {None}
        told = {values.get("phone"), values.get("mobile")} - {None}
        born, told_born = known["birth_on"], values.get("birth_on")
        if born and told_born and born != told_born:
            return False
        same_address = "address" in by and values.get("address") == known["address"] is not None
        same_number = "phone" in by and bool(numbers & told)
        return same_number or same_address or ("birth_on" in by and born == told_born is not None)

    def add(self, values: Mapping[str, Any]) -> int:
        """Add a person."""
        key = name_key(values["name"])
        row = {**_BLANK, **values, "name_key": key, "created_at": self._now}
        person_id = self._rows.add(row)
        self._by_key[key].append(person_id)
        self._new.append(person_id)
        return person_id

    def change(self, person_id: int, values: Mapping[str, Any]) -> bool:
        """Change what differs; a damaged name never takes the place of a whole one."""
        told = dict(values)
        if is_damaged(told.get("name", "")):
            del told["name"]
        if "name" in told:
            told["name_key"] = name_key(told["name"])
        return self._rows.change(person_id, told)

    def fill(self, person_id: int, values: Mapping[str, Any]) -> bool:
        """Add what is not known yet; what is known stays."""
        known = self[person_id]
        return self.change(person_id, {k: v for k, v in values.items() if known[k] is None})

    def write(self) -> None:
        """Write persons and the consents of new ones."""
        self._rows.write()
        consents = [
            {
                "person_id": person_id,
                "purpose": "coordination_use",
                "state": "given",
                "method": "register",
                "text_version": TEXT_VERSION,
                "recorded_at": self._now,
                "recorded_by_id": self._actor.account_id,
            }
            for person_id in self._new
        ]
        copy_rows(self._session, Consent.__table__, consents)  # type: ignore[arg-type]
        hold_lookalikes(self._session, self._new, self._now)
        self._new = []
