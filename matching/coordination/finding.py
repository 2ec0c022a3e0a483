"""Finding needs, people and groups by what was typed, as far as the reader may know of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matching.catalogue.reference import CATEGORIES
from matching.cells.names import kana_key, name_key, organisation_key
from matching.coordination.models import Placement, Proposal
from matching.coordination.queries import pair_told_of, volunteers_within
from matching.kernel.actor import Actor
from matching.kernel.permissions import STAFF, only_areas
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import within_reach
from matching.people.models import Person
from matching.people.searching import person_holds
from matching.people.shielding import out_of_sight
from matching.people.standstill import hidden_from
from matching.volunteers.models import Volunteer, VolunteerGroup

LONGEST = 100
UNTOLD = timedelta(days=14)


class Found(NamedTuple):
    """What was found of each kind, the likeliest first, one more than asked for where there is.

    First what a caller most likely calls about: their visits, ahead or not told of yet, and what
    they have been asked.
    """

    visits: Sequence[Placement]
    offers: Sequence[Proposal]
    needs: Sequence[Need]
    volunteers: Sequence[Volunteer]
    residents: Sequence[Person]
    groups: Sequence[VolunteerGroup]


def words_of(typed: str) -> str:
    """Return what was typed as words to look for: trimmed, on one line, of bearable length."""
    return " ".join(typed.replace("\x00", "").split())[:LONGEST]


def find(session: Session, actor: Actor, words: str, limit: int, now: datetime) -> Found:
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
        session.scalars(_visits(actor, words, now).limit(limit + 1)).all(),
        []
        if STAFF.isdisjoint(actor.roles)
        else session.scalars(_offers(actor, words).limit(limit + 1)).all(),
        session.scalars(needs.limit(limit + 1)).all(),
        session.scalars(volunteers.limit(limit + 1)).all(),
        session.scalars(people.limit(limit + 1)).all(),
        session.scalars(_groups(actor, words).limit(limit + 1)).all(),
    )


def _visits(actor: Actor, words: str, now: datetime) -> Select[Placement]:
    """Select visits of who is meant that are still to come, or of which nobody has told yet."""
    return (
        _of_pairs(Placement, actor, words)
        .where(Placement.state.in_(("held", "confirmed")))
        .where(Placement.starts_at > now - UNTOLD)
        .order_by(Placement.starts_at, Placement.id)
    )


def _offers(actor: Actor, words: str) -> Select[Proposal]:
    """Select what is being asked of who is meant, or for them."""
    asked = _of_pairs(Proposal, actor, words).where(Proposal.state == "contacted")
    return asked.order_by(Proposal.expires_at, Proposal.id)


def _of_pairs(model: Any, actor: Actor, words: str) -> Select[Any]:
    """Select rows of two people one of whom holds the words, within reach of who looks."""
    people = select(Person.id).where(person_holds(words), Person.id.not_in(hidden_from(actor)))
    return (
        select(model)
        .join(Need, Need.id == model.need_id)
        .join(Volunteer, Volunteer.id == model.volunteer_id)
        .where(pair_told_of(actor, model))
        .where(
            Need.requester_id.in_(people)
            | Volunteer.person_id.in_(people)
            | _number_holds(Need.reference, words)
        )
        .options(
            contains_eager(model.need).joinedload(Need.requester),
            contains_eager(model.volunteer).joinedload(Volunteer.person),
        )
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
