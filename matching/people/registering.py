"""Adding a person, or finding the same one again in other writing (BR-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.cells.names import name_key
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.kernel.permissions import DESK
from matching.people.models import Person
from matching.people.searching import find_possible_duplicates


@dataclass(frozen=True)
class Contact:
    """Who somebody is and how to reach them; phones are domestic digits."""

    name: str
    name_kana: str | None = None
    birth_on: date | None = None
    gender: str | None = None
    phone: str | None = None
    mobile: str | None = None
    email: str | None = None
    contact_method: str | None = None
    postal_code: str | None = None
    address: str | None = None
    area_code: str | None = None
    district_code: str | None = None
    lat: float | None = None
    lon: float | None = None
    kind: str = "individual"


def person_for(
    session: Session, contact: Contact, actor: Actor, now: datetime, *, own: bool
) -> Person:
    """Return the person whom a contact stands for, adding one where none is known.

    An account acting for itself (`own`) is its own person. Staff get the person already known
    by that name; what the public sends never joins a record by itself.
    """
    if own and actor.person_id is not None:
        return session.get_one(Person, actor.person_id)
    known = None if DESK.isdisjoint(actor.roles) else find_same_person(session, contact)
    return known or add_person(session, contact, now)


def add_person(session: Session, contact: Contact, now: datetime) -> Person:
    """Write a new person; raises Invalid without a name."""
    key = name_key(contact.name)
    if not key:
        raise Invalid("お名前を入力してください。", field="name")
    person = Person(name_key=key, created_at=now, **vars(contact))
    session.add(person)
    session.flush()
    return person


def find_same_person(session: Session, contact: Contact) -> Person | None:
    """Return who has the same folded name and the same phone or birth date; None when unsure.

    Somebody with another birth date is another person, whatever else agrees (BR-05).
    """
    for number in dict.fromkeys((contact.phone, contact.mobile)):
        alike = find_possible_duplicates(
            session, contact.name, contact.name_kana, contact.birth_on, number, contact.address
        )
        for each in alike:
            if "name" in each.reasons and {"phone", "birth_on"} & set(each.reasons):
                return each.person
    return None
