"""BR-13: blocked people are never brought together again, whoever tries and in which order."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination.barring import still_allowed
from matching.coordination.blocking import block, blocks_of, unblock
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement, Proposal
from matching.coordination.moving_on import move_on
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.tasks import Task
from matching.people.models import Block
from matching.people.trust_models import Acquaintance, Wish
from tests import factories


@pytest.fixture
def staff(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


@pytest.fixture
def pair(session: Session, now: datetime) -> tuple[int, int, Proposal]:
    """The resident, the volunteer and the suggestion between them."""
    helper, need = factories.volunteer(session, now), factories.need(session, now)
    session.commit()
    plan_all(session, SYSTEM, now)
    session.commit()
    [proposal] = list_candidates(session, need.id)
    return need.requester_id, helper.person_id, proposal


@pytest.mark.parametrize("order", [1, -1])
def test_a_block_ends_what_was_proposed_and_no_run_proposes_again(
    session: Session, now: datetime, staff: Actor, pair: tuple[int, int, Proposal], order: int
) -> None:
    *people, proposal = pair
    block(session, *people[::order], "以前の行き違い", staff, now)
    session.commit()
    session.refresh(proposal)
    assert proposal.state == "superseded"
    plan_all(session, SYSTEM, now)
    assert list_candidates(session, proposal.need_id or 0) == []
    assert still_allowed(session, [(proposal.need_id or 0, proposal.volunteer_id)]) == set()
    with pytest.raises(Conflict):
        choice = Choice(clock.local_date(now) + timedelta(days=3), 540)
        confirm(session, proposal.id, choice, staff, now)


def test_a_block_takes_visits_to_come_back_and_the_resident_is_phoned(
    session: Session, now: datetime, staff: Actor, pair: tuple[int, int, Proposal]
) -> None:
    resident, helper, proposal = pair
    day = clock.local_date(now) + timedelta(days=3)
    placement = confirm(session, proposal.id, Choice(day, 540), staff, now)
    session.commit()
    block(session, helper, resident, "会いたくない", staff, now)
    session.commit()
    session.refresh(placement)
    assert placement.state == "cancelled"
    kinds = select(Task.kind).where(Task.subject_type == "placement")
    assert session.scalars(kinds).all() == ["tell_other_side"]


def test_a_block_set_twice_is_one_and_needs_a_reason(
    session: Session, now: datetime, staff: Actor, pair: tuple[int, int, Proposal]
) -> None:
    resident, helper, _proposal = pair
    with pytest.raises(Invalid):
        block(session, resident, helper, " ", staff, now)
    with pytest.raises(Invalid):
        block(session, resident, resident, "同じ", staff, now)
    first = block(session, resident, helper, "一", staff, now)
    assert block(session, helper, resident, "二", staff, now).id == first.id
    assert [person.id for _block, person in blocks_of(session, resident)] == [helper]


def test_the_database_refuses_what_a_script_would_write(
    session: Session, now: datetime, pair: tuple[int, int, Proposal]
) -> None:
    """T5: a block beside a living suggestion, a suggestion or a visit beside a block."""
    resident, helper, proposal = pair
    made = Block(person_id=resident, other_person_id=helper, reason="x", created_at=now)
    with pytest.raises(IntegrityError, match="brought together"), session.begin_nested():
        session.add(made)
        session.flush()
    session.execute(text("UPDATE proposals SET state = 'superseded'"))
    session.execute(
        text(
            "INSERT INTO blocks (person_id, other_person_id, reason, created_at) "
            "VALUES (:one, :other, 'v1.sealed', :now)"
        ),
        {"one": resident, "other": helper, "now": now},
    )
    with pytest.raises(IntegrityError, match="blocked pair"), session.begin_nested():
        session.execute(text("UPDATE proposals SET state = 'suggested'"))
    copy = (
        "INSERT INTO proposals (need_id, volunteer_id, state, factors, planned, slots, uncertain, "
        "snapshot, proposed_at, offered_visits, version) SELECT need_id, volunteer_id, 'contacted',"
        " factors, planned, slots, uncertain, snapshot, proposed_at, offered_visits, 1 FROM "
        "proposals WHERE id = :id"
    )
    with pytest.raises(IntegrityError, match="blocked pair"), session.begin_nested():
        session.execute(text(copy), {"id": proposal.id})


def test_a_block_taken_away_lets_them_meet_again(
    session: Session, now: datetime, staff: Actor, pair: tuple[int, int, Proposal]
) -> None:
    resident, helper, proposal = pair
    made = block(session, resident, helper, "誤解", staff, now)
    with pytest.raises(Invalid):
        unblock(session, resident, made.id, "", staff, now)
    unblock(session, resident, made.id, "誤解とわかった", staff, now)
    session.commit()
    plan_all(session, SYSTEM, now)
    assert len(list_candidates(session, proposal.need_id or 0)) == 1


@pytest.mark.parametrize("how", ["on record", "same telephone"])
def test_who_wants_strangers_only_meets_no_acquaintance(
    session: Session, now: datetime, how: str
) -> None:
    """T3."""
    number = "0191009999"
    near = factories.volunteer(session, now, contact=factories.contact(phone=number))
    far = factories.volunteer(session, now)
    asking = factories.contact(phone=number) if how == "same telephone" else factories.contact()
    need = factories.need(session, now, contact=asking)
    session.add(Wish(person_id=need.requester_id, no_acquaintances=True, recorded_at=now))
    if how == "on record":
        session.add(
            Acquaintance(
                person_id=near.person_id,
                other_person_id=need.requester_id,
                relation="family",
                created_at=now,
            )
        )
    session.commit()
    plan_all(session, SYSTEM, now)
    assert [each.volunteer_id for each in list_candidates(session, need.id)] == [far.id]


@pytest.mark.parametrize("side", ["resident", "volunteer"])
def test_one_act_stops_everything_for_somebody_who_died(
    session: Session, now: datetime, staff: Actor, pair: tuple[int, int, Proposal], side: str
) -> None:
    """BR-37."""
    resident, helper, proposal = pair
    day = clock.local_date(now) + timedelta(days=3)
    confirm(session, proposal.id, Choice(day, 540), staff, now)
    session.commit()
    move_on(session, resident if side == "resident" else helper, "deceased", staff, now)
    session.commit()
    assert session.scalars(select(Placement.state)).all() == ["cancelled"]
    need = text("SELECT state FROM needs")
    assert session.scalar(need) == ("withdrawn" if side == "resident" else "matching")
    plan_all(session, SYSTEM, now)
    assert list_candidates(session, proposal.need_id or 0) == []
    kinds = session.scalars(select(Task.kind).where(Task.subject_type == "placement")).all()
    assert kinds == ["tell_other_side"]
