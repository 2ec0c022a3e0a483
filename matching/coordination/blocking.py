"""Blocking: two people who are never brought together again, from this moment on (BR-13)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from matching.coordination.cancelling import take_back
from matching.coordination.halting import coming_visits, end_proposals
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Proposal
from matching.kernel import audit, tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.outbox import plan_soon
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.people.models import Block, Person
from matching.volunteers.models import Volunteer

NO_REASON = "理由を入力してください。職員だけが見ます。"
SAME_PERSON = "同じ方どうしの組み合わせです。番号をたしかめてください。"
LONGEST = 1000
SEPARATED = "組み合わせの見直し"


def block(
    session: Session, person_id: int, other_id: int, reason: str, actor: Actor, now: datetime
) -> Block:
    """Keep two people apart: what was proposed ends, visits to come are taken back.

    Both volunteer rows are held first, as for every booking; a block set twice stays one.
    """
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    if person_id == other_id:
        raise Invalid(SAME_PERSON, field="reference")
    lock_proposals(session)
    _hold_both(session, person_id, other_id)
    end_proposals(session, _between(person_id, other_id))
    for placement, need in coming_visits(session, person_id, now):
        if _two_of(session, placement.volunteer_id, need) == {person_id, other_id}:
            take_back(session, placement, lock_need(session, need.id), SEPARATED, actor, now)
            tasks.open_task(
                session,
                "tell_other_side",
                ("placement", placement.id),
                now,
                now,
                area_code=need.area_code,
                owner_id=need.owner_id,
            )
    session.flush()
    made = find_block(session, person_id, other_id) or _write(
        session, person_id, other_id, reason, actor, now
    )
    audit.record(session, actor, now, "blocked", "block", made.id)
    plan_soon(session, now)
    return made


def _hold_both(session: Session, *person_ids: int) -> None:
    session.execute(
        select(Volunteer.id)
        .where(Volunteer.person_id.in_(person_ids))
        .order_by(Volunteer.id)
        .with_for_update(key_share=True)
    )


def _two_of(session: Session, volunteer_id: int, need: Need) -> set[int]:
    """Return the two people of a visit."""
    helping = session.scalar(select(Volunteer.person_id).where(Volunteer.id == volunteer_id))
    return {need.requester_id, helping or 0}


def _between(one: int, other: int) -> ColumnElement[bool]:
    """Tell proposals between two people, whichever of them helps."""

    def of(asking: int, helping: int) -> ColumnElement[bool]:
        needs = select(Need.id).where(Need.requester_id == asking)
        volunteers = select(Volunteer.id).where(Volunteer.person_id == helping)
        return and_(Proposal.need_id.in_(needs), Proposal.volunteer_id.in_(volunteers))

    return or_(of(one, other), of(other, one))


def find_block(session: Session, one: int, other: int) -> Block | None:
    """Return the block between two people, whichever was named first."""
    return session.scalar(
        select(Block).where(
            or_(
                and_(Block.person_id == one, Block.other_person_id == other),
                and_(Block.person_id == other, Block.other_person_id == one),
            )
        )
    )


def _write(
    session: Session, person_id: int, other_id: int, reason: str, actor: Actor, now: datetime
) -> Block:
    made = Block(
        person_id=person_id,
        other_person_id=other_id,
        reason=reason.strip()[:LONGEST],
        created_at=now,
        created_by_id=actor.account_id,
    )
    session.add(made)
    session.flush()
    return made


def unblock(
    session: Session, person_id: int, block_id: int, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a block of a person away; the trail keeps that it was there and who took it away."""
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    lock_proposals(session)
    found = session.get(Block, block_id)
    if found is None or person_id not in {found.person_id, found.other_person_id}:
        raise NotFound
    people = sorted((found.person_id, found.other_person_id))
    session.delete(found)
    audit.record(session, actor, now, "unblocked", "block", block_id, people=people)
    plan_soon(session, now)


def blocks_of(session: Session, person_id: int) -> list[tuple[Block, Person]]:
    """Return whom a person is kept apart from, with the reason for staff."""
    mine = or_(Block.person_id == person_id, Block.other_person_id == person_id)
    blocks = session.scalars(select(Block).where(mine).order_by(Block.id)).all()
    others = {
        block.id: block.other_person_id if block.person_id == person_id else block.person_id
        for block in blocks
    }
    people = {
        p.id: p for p in session.scalars(select(Person).where(Person.id.in_(others.values())))
    }
    return [(block, people[others[block.id]]) for block in blocks]
