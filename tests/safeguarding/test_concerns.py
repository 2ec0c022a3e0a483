"""BR-01, BR-02: everything stops at once, the right people hear of it, nobody else does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination import queries as coordination
from matching.coordination.confirming import confirm
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.outbox import OutboxJob
from matching.messaging.models import Message
from matching.messaging.telling import tell
from matching.people.trust_models import PersonHold
from matching.safeguarding import handling, queries
from matching.safeguarding.escalating import JOB, escalate
from matching.safeguarding.hints import hints_in
from matching.safeguarding.models import ConcernAlert
from matching.safeguarding.raising import Worry, involve, raise_concern
from matching.safeguarding.rules import ACKNOWLEDGE_WITHIN, DESKS, TARGETS
from tests import factories


@pytest.fixture
def manager(session: Session) -> Actor:
    return factories.actor(session, "center_manager")


def proposed(session: Session, now: datetime) -> tuple[int, int, Proposal]:
    """A need with somebody proposed for it: need id, requester id, the proposal."""
    factories.volunteer(session, now)
    need = factories.need(session, now)
    session.commit()
    plan_all(session, SYSTEM, now)
    session.commit()
    [found] = coordination.list_candidates(session, need.id)
    return need.id, need.requester_id, found


def worry(need_id: int) -> Worry:
    return Worry("腕にあざがあり、こわがっていた", "elderly", about=("need", need_id))


def test_raising_ends_open_proposals_and_no_run_makes_new_ones(
    session: Session, now: datetime, manager: Actor
) -> None:
    need_id, _person, proposal = proposed(session, now)
    raise_concern(session, worry(need_id), manager, now)
    session.commit()
    session.refresh(proposal)
    assert proposal.state == "superseded"
    plan_all(session, SYSTEM, now)
    assert coordination.list_candidates(session, need_id) == []


def test_nobody_can_be_confirmed_for_a_household_on_hold(
    session: Session, now: datetime, manager: Actor
) -> None:
    need_id, _person, proposal = proposed(session, now)
    raise_concern(session, worry(need_id), manager, now)
    session.commit()
    day = clock.local_date(now) + timedelta(days=3)
    with pytest.raises(Conflict):
        confirm(session, proposal.id, Choice(day, 540), manager, now)


def test_no_message_about_the_household_is_made(
    session: Session, now: datetime, manager: Actor
) -> None:
    need_id, _person, proposal = proposed(session, now)
    offer(
        session,
        proposal.id,
        [Choice(clock.local_date(now) + timedelta(days=3), 540)],
        "mail",
        manager,
        now,
    )
    job = {"kind": "offer", "proposal": proposal.id}
    raise_concern(session, worry(need_id), manager, now)
    tell(session, job, now)
    assert session.scalar(select(func.count(Message.id))) == 0


def test_without_a_concern_the_same_message_is_made(
    session: Session, now: datetime, manager: Actor
) -> None:
    _need_id, _person, proposal = proposed(session, now)
    offer(
        session,
        proposal.id,
        [Choice(clock.local_date(now) + timedelta(days=3), 540)],
        "mail",
        manager,
        now,
    )
    tell(session, {"kind": "offer", "proposal": proposal.id}, now)
    assert session.scalar(select(func.count(Message.id))) == 1


def test_who_shares_the_telephone_is_on_hold_too(
    session: Session, now: datetime, manager: Actor
) -> None:
    need = factories.need(session, now, contact=factories.contact(phone="0191000777"))
    other = factories.volunteer(session, now, contact=factories.contact(phone="0191000777"))
    raise_concern(session, worry(need.id), manager, now)
    held = set(session.scalars(select(PersonHold.person_id)))
    assert held == {need.requester_id, other.person_id}


def test_a_concern_needs_words_and_nothing_else(session: Session, now: datetime) -> None:
    reporter = factories.actor(session, "volunteer")
    with pytest.raises(Invalid):
        raise_concern(session, Worry("　 "), reporter, now)
    assert raise_concern(session, Worry("なんとなく心配"), reporter, now).state == "reported"


@pytest.mark.parametrize("statement", ["DELETE FROM concerns", "TRUNCATE concerns CASCADE"])
def test_a_concern_cannot_be_removed(
    session: Session, now: datetime, manager: Actor, statement: str
) -> None:
    raise_concern(session, Worry("心配"), manager, now)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(statement))


def test_words_of_a_concern_are_sealed(session: Session, now: datetime, manager: Actor) -> None:
    concern = raise_concern(session, Worry("特別な言葉"), manager, now)
    stored = session.scalar(text("SELECT body FROM concerns WHERE id = :id"), {"id": concern.id})
    assert "特別" not in stored
    assert concern.body == "特別な言葉"


def test_the_first_of_the_phone_list_hears_at_once_the_next_after_half_an_hour(
    session: Session, now: datetime, manager: Actor
) -> None:
    second = factories.actor(session, "coordinator")
    login = session.scalar(
        text("SELECT login FROM accounts WHERE id = :i"), {"i": second.account_id}
    )
    handling.name_member(session, login, 1, manager, now)
    concern = raise_concern(session, Worry("心配"), SYSTEM, now)
    assert told(session, concern.id) == [manager.account_id]
    job = session.scalars(select(OutboxJob).where(OutboxJob.name == JOB)).one()
    assert job.due_at == now + ACKNOWLEDGE_WITHIN
    escalate(session, concern.id, now + ACKNOWLEDGE_WITHIN)
    assert told(session, concern.id) == [manager.account_id, second.account_id]
    [task] = session.scalars(tasks.within_reach(second))
    assert (task.kind, task.owner_id) == ("concern", second.account_id)
    assert session.scalars(tasks.within_reach(manager)).all() == []


def told(session: Session, concern_id: int) -> list[int]:
    found = select(ConcernAlert.account_id).where(ConcernAlert.concern_id == concern_id)
    return list(session.scalars(found.order_by(ConcernAlert.id)))


def test_after_the_last_of_the_list_the_first_is_asked_again(
    session: Session, now: datetime, manager: Actor
) -> None:
    concern = raise_concern(session, Worry("心配"), SYSTEM, now)
    escalate(session, concern.id, now + ACKNOWLEDGE_WITHIN)
    assert told(session, concern.id) == [manager.account_id]
    due = session.scalars(select(OutboxJob.due_at).where(OutboxJob.name == JOB)).all()
    assert max(due) == now + 2 * ACKNOWLEDGE_WITHIN


def test_taking_it_up_ends_the_phone_list(session: Session, now: datetime, manager: Actor) -> None:
    factories.actor(session, "center_manager")
    concern = raise_concern(session, Worry("心配"), SYSTEM, now)
    handling.acknowledge(session, concern.id, manager, now)
    escalate(session, concern.id, now + ACKNOWLEDGE_WITHIN)
    assert len(told(session, concern.id)) == 1
    assert session.scalars(tasks.within_reach(manager)).all() == []
    with pytest.raises(Conflict):
        handling.acknowledge(session, concern.id, manager, now)


@pytest.mark.parametrize("role", ["coordinator", "branch_staff", "auditor", "system_admin"])
def test_nobody_outside_the_group_finds_a_concern(
    session: Session, now: datetime, manager: Actor, role: str
) -> None:
    concern = raise_concern(session, Worry("心配"), manager, now)
    other = factories.actor(session, role)
    for look in (
        lambda: queries.get_concern(session, concern.id, other),
        lambda: queries.list_concerns(session, other),
        lambda: handling.acknowledge(session, concern.id, other, now),
    ):
        with pytest.raises(NotFound):
            look()


def test_only_a_manager_lets_go_and_with_a_reason(
    session: Session, now: datetime, manager: Actor
) -> None:
    need_id, person_id, _proposal = proposed(session, now)
    concern = raise_concern(session, worry(need_id), manager, now)
    handling.acknowledge(session, concern.id, manager, now)
    for reason, who in (("", manager), ("落ち着いた", factories.actor(session, "coordinator"))):
        with pytest.raises((Invalid, NotFound)):
            handling.decide(session, concern.id, "release", reason, who, now)
    handling.decide(session, concern.id, "release", "市と話し、落ち着いた", manager, now)
    session.commit()
    assert concern.state == "closed"
    plan_all(session, SYSTEM, now)
    assert len(coordination.list_candidates(session, need_id)) == 1
    assert (
        session.scalar(
            select(func.count(PersonHold.id)).where(
                PersonHold.person_id == person_id, PersonHold.ended_at.is_(None)
            )
        )
        == 0
    )


def test_a_second_concern_keeps_the_household_on_hold(
    session: Session, now: datetime, manager: Actor
) -> None:
    need = factories.need(session, now)
    first = raise_concern(session, worry(need.id), manager, now)
    raise_concern(session, worry(need.id), manager, now)
    handling.acknowledge(session, first.id, manager, now)
    handling.decide(session, first.id, "release", "重なっていた", manager, now)
    assert session.scalars(
        select(PersonHold.person_id).where(PersonHold.ended_at.is_(None))
    ).all() == [need.requester_id]


def test_a_suspected_person_is_stopped_too_and_not_their_household(
    session: Session, now: datetime, manager: Actor
) -> None:
    helper = factories.volunteer(session, now)
    concern = raise_concern(session, Worry("心配"), manager, now)
    involve(session, concern, {helper.person_id: "suspected"}, manager, now)
    assert session.scalars(select(PersonHold.person_id)).all() == [helper.person_id]


def test_what_a_desk_was_told_is_kept(session: Session, now: datetime, manager: Actor) -> None:
    concern = raise_concern(session, Worry("心配"), manager, now)
    telling = handling.Told(
        now, "市 長寿社会課", "phone", "午後に訪ねると言われた", "夕方に電話する"
    )
    made = handling.log_report(session, concern.id, telling, manager, now)
    assert (made.desk, made.answer, made.next_step) == (
        telling.desk,
        telling.answer,
        telling.next_step,
    )
    tomorrow = handling.Told(now + timedelta(days=1), "市", "phone", "あ", "")
    with pytest.raises(Invalid):
        handling.log_report(session, concern.id, tomorrow, manager, now)


def test_counts_below_five_are_not_told(session: Session, now: datetime, manager: Actor) -> None:
    for _ in range(4):
        raise_concern(session, Worry("心配", "child"), manager, now)
    for _ in range(5):
        raise_concern(session, Worry("心配", "elderly"), manager, now)
    counts = queries.counts_by_target(session, manager, clock.local_date(now))
    assert (counts["child"], counts["elderly"], counts["consumer"]) == (None, 5, None)


def test_hints_only_suggest() -> None:
    assert hints_in("昨日たたかれたと言う。あざもある") == ("たたかれ", "あざ")
    assert hints_in("買い物に行った") == ()


def test_every_target_has_a_desk_of_the_referral_master() -> None:
    from matching.catalogue.referrals import REFERRAL_BY_CODE

    assert DESKS.keys() == TARGETS.keys()
    assert all(code in REFERRAL_BY_CODE for codes in DESKS.values() for code in codes)
