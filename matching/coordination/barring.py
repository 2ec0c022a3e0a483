"""Barring: who is never brought together with whom, whatever a run computed before it knew."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from matching.coordination.registry import consenting
from matching.needs.models import Need
from matching.people.models import Block, Person
from matching.people.trust_models import Acquaintance, Wish
from matching.volunteers.models import Volunteer

Pair = tuple[int, int]


def barred_pairs(session: Session, need_ids: Collection[int]) -> set[Pair]:
    """Return (need, volunteer) that must not meet: blocked (BR-13), or known to each other (T3).

    Where a resident wants strangers only, family and acquaintances on record count, and whoever
    shares a telephone number with the resident.
    """
    return _blocked(session, need_ids) | _known_to_each_other(session, need_ids)


def _blocked(session: Session, need_ids: Collection[int]) -> set[Pair]:
    met = and_(Block.person_id == Need.requester_id, Block.other_person_id == Volunteer.person_id)
    other = and_(Block.other_person_id == Need.requester_id, Block.person_id == Volunteer.person_id)
    return _pairs(session, need_ids, Block, or_(met, other))


def _known_to_each_other(session: Session, need_ids: Collection[int]) -> set[Pair]:
    """Families and acquaintances of those who asked for strangers."""
    wanted = select(Wish.person_id).where(Wish.no_acquaintances)
    if session.scalar(wanted.limit(1)) is None:
        return set()
    wish = Need.requester_id.in_(wanted)
    related = or_(
        and_(
            Acquaintance.person_id == Need.requester_id,
            Acquaintance.other_person_id == Volunteer.person_id,
        ),
        and_(
            Acquaintance.other_person_id == Need.requester_id,
            Acquaintance.person_id == Volunteer.person_id,
        ),
    )
    on_record = _pairs(session, need_ids, Acquaintance, and_(wish, related))
    return on_record | _sharing_a_number(session, need_ids, wish)


def _sharing_a_number(session: Session, need_ids: Collection[int], wish: Any) -> set[Pair]:
    asking, helping = aliased(Person), aliased(Person)
    theirs = _numbers(helping)
    same = or_(*(mark.in_(theirs) for mark in _numbers(asking)))
    found = (
        select(Need.id, Volunteer.id)
        .join(asking, asking.id == Need.requester_id)
        .join(helping, same)
        .join(Volunteer, Volunteer.person_id == helping.id)
        .where(wish, Need.id.in_(need_ids))
    )
    return {(need_id, volunteer_id) for need_id, volunteer_id in session.execute(found)}


def _numbers(person: Any) -> list[Any]:
    """The marks of a person's telephone numbers; the numbers themselves are sealed."""
    return [getattr(person, Person.phone.mark), getattr(person, Person.mobile.mark)]


def _pairs(session: Session, need_ids: Collection[int], table: Any, which: Any) -> set[Pair]:
    found = (
        select(Need.id, Volunteer.id)
        .select_from(table)
        .join(Need, Need.requester_id.in_([table.person_id, table.other_person_id]))
        .join(Volunteer, which)
        .where(Need.id.in_(need_ids))
    )
    return {(need_id, volunteer_id) for need_id, volunteer_id in session.execute(found)}


def still_allowed(session: Session, pairs: Iterable[Pair]) -> set[Pair]:
    """Return the pairs that may be brought together at this moment, the lock of proposals held.

    A consent taken back, a block set or a person put on hold since the planner looked counts.
    """
    wanted = set(pairs)
    needs = {need_id for need_id, _ in wanted}
    volunteers = {volunteer_id for _, volunteer_id in wanted}
    barred = barred_pairs(session, needs)
    asking = _willing(session, Need.id, Need.requester_id, needs)
    helping = _willing(session, Volunteer.id, Volunteer.person_id, volunteers)
    return {
        (need_id, volunteer_id)
        for need_id, volunteer_id in wanted - barred
        if need_id in asking and volunteer_id in helping
    }


def _willing(session: Session, row: Any, person: Any, ids: Collection[int]) -> set[int]:
    agreed = consenting(session, select(person).where(row.in_(ids)))
    found = session.execute(select(row, person).where(row.in_(ids)))
    return {number for number, person_id in found if person_id in agreed}
