"""Who may be on the line: people found by what was typed, their household and their cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.people.models import Person
from matching.people.searching import Likeness, find_possible_duplicates, person_holds
from matching.people.trust_models import Shield

MOST = 6
MOST_CASES = 4
FEWEST_LETTERS = 1


@dataclass(frozen=True)
class Asked:
    """What was typed of a person so far."""

    name: str = ""
    kana: str = ""
    phone: str | None = None


@dataclass
class Known:
    """A person already known, who shares a telephone with them, and what was asked before."""

    person: Person
    reasons: tuple[str, ...] = ()
    household: list[str] = field(default_factory=list)
    cases: list[Need] = field(default_factory=list)


def look_up(
    session: Session, asked: Sequence[Asked], actor: Actor, hidden: Collection[int]
) -> list[Known]:
    """Return people within reach whom the words may mean, the likeliest first."""
    words = [condition for each in asked for condition in _conditions(each)]
    if not words:
        return []
    found = session.scalars(
        select(Person).where(or_(*words), *_reach(actor, hidden)).order_by(Person.id).limit(40)
    ).all()
    likely = {each.person.id: each.reasons for one in asked for each in likenesses(session, one)}
    known = [Known(person, likely.get(person.id, ())) for person in found]
    known.sort(key=lambda each: -len(each.reasons))
    return _with_stories(session, known[:MOST])


def likenesses(session: Session, asked: Asked) -> Sequence[Likeness]:
    """Return who agrees so far that filing must not go on without a decision (BR-05)."""
    if not asked.name and not asked.phone:
        return []
    return find_possible_duplicates(session, asked.name, asked.kana or None, phone=asked.phone)


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    words = [text for text in (asked.name, asked.kana) if len(text) >= FEWEST_LETTERS]
    return [person_holds(text) for text in [*words, *filter(None, [asked.phone])]]


def _reach(actor: Actor, hidden: Collection[int]) -> list[ColumnElement[bool]]:
    return [
        Person.id.not_in(list(hidden)),
        Person.id.not_in(select(Shield.person_id)),
        visible(Person, actor, "need.intake"),
    ]


def _with_stories(session: Session, known: list[Known]) -> list[Known]:
    by_id = {each.person.id: each for each in known}
    asked = select(Need).where(Need.requester_id.in_(by_id)).order_by(Need.received_at.desc())
    for need in session.scalars(asked):
        cases = by_id[need.requester_id].cases
        if len(cases) < MOST_CASES:
            cases.append(need)
    for each in known:
        each.household = _beside(session, each.person)
    return known


def _beside(session: Session, person: Person) -> list[str]:
    """Return the names of those who answer the same telephone: a household, most likely."""
    number = person.phone
    if not number:
        return []
    same = select(Person).where(Person.phone == number, Person.id != person.id).limit(5)
    return [other.name for other in session.scalars(same)]
