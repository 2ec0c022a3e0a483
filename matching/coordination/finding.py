"""Finding needs, people and groups by what was typed, as far as the reader may know of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matching.catalogue.reference import CATEGORIES
from matching.cells.names import kana_key, name_key, organisation_key
from matching.coordination.queries import volunteers_within
from matching.kernel.actor import Actor
from matching.kernel.permissions import only_areas
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import within_reach
from matching.people.models import Person
from matching.people.searching import person_holds
from matching.people.shielding import out_of_sight
from matching.people.standstill import hidden_from
from matching.volunteers.models import Volunteer, VolunteerGroup

LONGEST = 100


class Found(NamedTuple):
    """What was found of each kind, the likeliest first, one more than asked for where there is."""

    needs: Sequence[Need]
    volunteers: Sequence[Volunteer]
    residents: Sequence[Person]
    groups: Sequence[VolunteerGroup]


def words_of(typed: str) -> str:
    """Return what was typed as words to look for: trimmed, on one line, of bearable length."""
    return " ".join(typed.replace("\x00", "").split())[:LONGEST]


def find(session: Session, actor: Actor, words: str, limit: int) -> Found:
    """Return what holds the words; shielded people and those held for safety stay out of it."""
    hidden = Person.id.not_in(hidden_from(actor))
    needs = within_reach(actor).where(needs_holding(actor, words))
    needs = needs.order_by(Need.received_at.desc(), Need.id.desc())
    volunteers = (
        select(Volunteer)
        .join(Person, Person.id == Volunteer.person_id)
        .options(joinedload(Volunteer.person))
        .where(volunteers_within(actor), hidden)
        .where(or_(person_holds(words), _number_holds(Volunteer.reference, words)))
        .order_by(Person.name_kana.nulls_last(), Volunteer.id)
    )
    people = _residents(actor).where(hidden, person_holds(words))
    return Found(
        session.scalars(needs.limit(limit + 1)).all(),
        session.scalars(volunteers.limit(limit + 1)).all(),
        session.scalars(people.limit(limit + 1)).all(),
        session.scalars(_groups(actor, words).limit(limit + 1)).all(),
    )


def needs_holding(actor: Actor, words: str) -> ColumnElement[bool]:
    """Limit needs to those whose number, resident, kind or own words hold the words."""
    kinds = [kind.code for kind in CATEGORIES if words in kind.label]
    people = select(Person.id).where(person_holds(words))
    return Need.requester_id.not_in(hidden_from(actor)) & or_(
        _number_holds(Need.reference, words),
        Need.requester_id.in_(people),
        Need.title.contains(words, autoescape=True),
        Need.category_code.in_(kinds),
    )


def _number_holds(reference: ColumnElement[str] | object, words: str) -> ColumnElement[bool]:
    """A number is found in any width and case, and by its digits alone."""
    return func.upper(reference).contains(
        unicodedata.normalize("NFKC", words).upper().replace(" ", ""), autoescape=True
    )


def _residents(actor: Actor) -> Select[Person]:
    """Select people who are no volunteers: at a branch those of its reach."""
    return (
        select(Person)
        .where(Person.id.not_in(select(Volunteer.person_id)))
        .where(Person.id.not_in(out_of_sight(actor)))
        .where(visible(Person, actor, "person.read"))
        .order_by(Person.name_kana.nulls_last(), Person.id)
    )


def _groups(actor: Actor, words: str) -> Select[VolunteerGroup]:
    key = organisation_key(words) or name_key(words) or words
    kana = func.replace(VolunteerGroup.name_kana, " ", "")
    found = (
        select(VolunteerGroup)
        .where(
            or_(
                VolunteerGroup.name.contains(words, autoescape=True),
                VolunteerGroup.name_key.contains(key, autoescape=True),
                kana.contains(kana_key(words) or words, autoescape=True),
                _number_holds(VolunteerGroup.reference, words),
            )
        )
        .order_by(VolunteerGroup.name_kana.nulls_last(), VolunteerGroup.id)
    )
    areas = only_areas(actor)
    return found if areas is None else found.where(VolunteerGroup.area_code.in_(areas))
