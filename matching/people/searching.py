"""Finding people by what was typed: folded names and readings, exact phones and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from matching.cells.names import kana_key, name_key
from matching.people.models import Person

# Two names, and often written for one another: alike enough to ask, never to take for the same.
_CONFUSED = ("斉", "斎")
_FEWEST_DIGITS = 9  # fewer are part of a number, and parts are not searchable


@dataclass(frozen=True)
class Likeness:
    """A person already known who may be the same one, and in what they agree."""

    person: Person
    reasons: tuple[str, ...]


def person_holds(words: str) -> ColumnElement[bool]:
    """The condition that a name or reading holds the words, or that a phone or e-mail is them."""
    spaceless = func.replace(Person.name_kana, " ", "")
    found = [
        Person.name.contains(words, autoescape=True),
        _alike(Person.name_key).contains(_wide(name_key(words) or words), autoescape=True),
        spaceless.contains(kana_key(words) or words, autoescape=True),
    ]
    if sum(letter.isdecimal() for letter in words) >= _FEWEST_DIGITS:
        found += [Person.phone == words, Person.mobile == words]
    if "@" in words or "＠" in words:
        found.append(Person.email == words)
    return or_(*found)


def _alike(key: ColumnElement[str] | Any) -> ColumnElement[str]:
    """Write names that are mixed up in one way, for looking and never for taking as the same."""
    return func.translate(key, *_CONFUSED)


def find_possible_duplicates(
    session: Session,
    name: str,
    kana: str | None = None,
    birth_on: date | None = None,
    phone: str | None = None,
    address: str | None = None,
) -> Sequence[Likeness]:
    """Return who may already be the person in question, the likeliest first (BR-05).

    Somebody counts with the same phone, or with the same or a like name or reading and the same
    birth date or address. A different birth date rules a namesake out.
    """
    same_name = _alike(Person.name_key) == _wide(name_key(name))
    if kana:
        same_name |= func.replace(Person.name_kana, " ", "") == kana_key(kana)
    same = or_(same_name, *([Person.phone == phone, Person.mobile == phone] if phone else []))
    found = session.scalars(select(Person).where(same).order_by(Person.id)).all()
    asked = _Asked(name_key(name), kana_key(kana or ""), birth_on, phone, address)
    alike = [Likeness(person, reasons) for person in found if (reasons := asked.agreeing(person))]
    return sorted(alike, key=lambda each: -len(each.reasons))


@dataclass(frozen=True)
class _Asked:
    name: str
    kana: str
    birth_on: date | None
    phone: str | None
    address: str | None

    def agreeing(self, person: Person) -> tuple[str, ...]:
        """In what a person agrees; nothing where that does not make them the same."""
        if self.birth_on and person.birth_on and self.birth_on != person.birth_on:
            return ()
        known = {
            "name": self.name == person.name_key,
            "name_alike": self._is_like(person.name_key),
            "kana": bool(self.kana) and self.kana == kana_key(person.name_kana or ""),
            "birth_on": self.birth_on is not None and self.birth_on == person.birth_on,
            "phone": self.phone is not None and self.phone in (person.phone, person.mobile),
            "address": bool(self.address) and _folded(self.address) == _folded(person.address),
        }
        agreed = tuple(name for name, same in known.items() if same)
        return agreed if "phone" in agreed or {"birth_on", "address"} & set(agreed) else ()

    def _is_like(self, key: str) -> bool:
        return self.name != key and _wide(self.name) == _wide(key)


def _wide(key: str) -> str:
    return key.translate(str.maketrans(*_CONFUSED))


def _folded(address: str | None) -> str:
    return name_key(address or "")
