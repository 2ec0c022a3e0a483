"""Likeness: a new registration that looks like somebody with a block waits for a decision (T3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from matching.cells.names import name_key, read_kana
from matching.kernel import audit, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict
from matching.people.models import Block, Person
from matching.people.trust_models import RegistrationHold

DECIDED = "この登録は、もう確認がすんでいます。画面を開き直してたしかめてください。"


def hold_lookalikes(session: Session, person_ids: Iterable[int], now: datetime) -> list[int]:
    """Hold those of some new people who look like a blocked one; who registers sees no difference.

    The blocks of the other count for the new person at once, so nothing depends on the decision.
    """
    blocked = _people_with_blocks(session)
    if not blocked:
        return []
    fresh = session.scalars(select(Person).where(Person.id.in_(list(person_ids)))).all()
    return [person.id for person in fresh if _held(session, person, blocked, now)]


def _people_with_blocks(session: Session) -> list[Person]:
    both = union(select(Block.person_id), select(Block.other_person_id)).subquery()
    return list(session.scalars(select(Person).where(Person.id.in_(select(both)))))


def _held(session: Session, person: Person, blocked: list[Person], now: datetime) -> bool:
    like = next(
        (other for other in blocked if other.id != person.id and alike(person, other)), None
    )
    if like is None or session.get(RegistrationHold, person.id) is not None:
        return False
    session.add(RegistrationHold(person_id=person.id, like_person_id=like.id, held_at=now))
    for block in _blocks_of(session, like.id):
        _pass_on(session, block, like.id, person.id, now)
    tasks.open_task(
        session, "registration", ("person", person.id), now, now, area_code=person.area_code
    )
    audit.record(session, SYSTEM, now, "registration_held", "person", person.id)
    session.flush()
    return True


def _pass_on(session: Session, block: Block, from_id: int, to_id: int, now: datetime) -> None:
    """Let a block of one person count for another."""
    if to_id in {block.person_id, block.other_person_id}:
        return
    one, other = block.person_id, block.other_person_id
    session.add(
        Block(
            person_id=to_id if one == from_id else one,
            other_person_id=to_id if other == from_id else other,
            reason=block.reason,
            created_at=now,
            created_by_id=block.created_by_id,
        )
    )


def _blocks_of(session: Session, person_id: int) -> list[Block]:
    mine = (Block.person_id == person_id) | (Block.other_person_id == person_id)
    return list(session.scalars(select(Block).where(mine).order_by(Block.id)))


def alike(one: Person, other: Person) -> bool:
    """Tell whether two may be the same: a shared number, or the same name without another birthday.

    Names are compared folded, and by their reading, so another writing of it changes nothing.
    """
    if _numbers(one) & _numbers(other):
        return True
    return _same_birthday(one.birth_on, other.birth_on) and bool(_names(one) & _names(other))


def _numbers(person: Person) -> set[str]:
    return {number for number in (person.phone, person.mobile, person.email) if number}


def _same_birthday(one: date | None, other: date | None) -> bool:
    return one is None or other is None or one == other


def _names(person: Person) -> set[str]:
    """The folded name, and the reading in katakana, be it given or written as the name."""
    told = [person.name, *filter(None, [person.name_kana])]
    return {name_key(name) for name in told} | {name_key(read_kana(name).text) for name in told}


def decide_likeness(
    session: Session, person_id: int, *, same: bool, actor: Actor, now: datetime
) -> None:
    """Say whether a held registration is the blocked person; for another one the blocks go."""
    hold = session.get(RegistrationHold, person_id, with_for_update=True)
    if hold is None or hold.decision is not None:
        raise Conflict(DECIDED, code="state")
    hold.decision = "same" if same else "another"
    hold.decided_at, hold.decided_by_id = now, actor.account_id
    if not same:
        for block in _blocks_of(session, person_id):
            if block.created_at == hold.held_at:
                session.delete(block)
    tasks.close_tasks(session, ("person", person_id), now, kinds=("registration",))
    audit.record(
        session, actor, now, "registration_decided", "person", person_id, decision=hold.decision
    )
