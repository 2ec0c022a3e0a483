"""What a coordinator holds stays in every plan; what is ruled out is never proposed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.confirming import confirm
from matching.coordination.models import Proposal
from matching.coordination.pairing import ShutOut, forbid_pair, lock_pair, release_pair
from matching.coordination.placing import Choice
from matching.coordination.plan_models import PairRule
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from matching.kernel.outbox import is_waiting
from matching.needs.models import Need
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def visit(now: datetime, start_minutes: int = 600) -> Choice:
    return Choice(clock.local_date(now) + timedelta(days=3), start_minutes)


def planned(session: Session, need: Need) -> list[tuple[str, int]]:
    session.flush()
    session.expire_all()
    return [
        (each.volunteer.reference, slot["planned"])
        for each in queries.list_candidates(session, need.id)
        for slot in each.slots
        if slot["planned"] is not None
    ]


def actions(session: Session) -> Sequence[str]:
    found = select(Event.action).where(Event.action.like("pair%")).order_by(Event.id)
    return session.scalars(found).all()


def test_a_held_pair_is_in_every_plan_at_its_time(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    near = factories.volunteer(session, now)
    far = factories.volunteer(
        session, now, contact=factories.contact(lat=38.99, lon=141.15), max_distance_km=30.0
    )
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    assert [who for who, _ in planned(session, need)] == [near.reference]
    lock_pair(session, need.reference, far.reference, [visit(now)], "", coordinator, now)
    assert is_waiting(session, "plan")
    for _ in range(2):
        run = plan_all(session, SYSTEM, now)
        assert planned(session, need) == [(far.reference, 600)]
        assert run.counts["held"] == 1
        assert run.counts["placed"] == 1


def test_a_held_volunteer_is_not_planned_elsewhere_at_that_time(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    who = factories.volunteer(session, now)
    held = factories.need(session, now, urgency="low", from_minute=600, to_minute=660)
    rival = factories.need(session, now, urgency="high", from_minute=600, to_minute=660)
    lock_pair(session, held.reference, who.reference, [visit(now)], "", coordinator, now)
    plan_all(session, SYSTEM, now)
    assert planned(session, held) == [(who.reference, 600)]
    assert planned(session, rival) == []


def test_a_pair_that_is_ruled_out_is_excluded_with_a_gate_of_its_own(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-13."""
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    rule = forbid_pair(session, need.reference, who.reference, "近所", coordinator, now)
    assert queries.list_candidates(session, need.id) == []
    plan_all(session, SYSTEM, now)
    outcome = queries.find_outcome(session, need.id)
    assert outcome is not None
    assert outcome.excluded == {"forbidden": 1}
    release_pair(session, rule.id, "1", coordinator, now)
    plan_all(session, SYSTEM, now)
    assert [name for name, _ in planned(session, need)] == [who.reference]
    assert actions(session) == ["pair_forbidden", "pair_released"]


def test_who_is_shut_out_cannot_be_held_and_every_gate_is_named(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    who = factories.volunteer(session, now, categories=("talk",), slots=())
    need = factories.need(session, now)
    with pytest.raises(ShutOut) as refused:
        lock_pair(session, need.reference, who.reference, [visit(now)], "", coordinator, now)
    assert set(refused.value.gates) >= {"category_not_wanted", "not_available"}
    assert session.scalar(select(func.count(PairRule.id))) == 0


def test_a_seat_is_held_for_one_person_only(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    first, second = (factories.volunteer(session, now) for _ in range(2))
    need = factories.need(session, now)
    lock_pair(session, need.reference, first.reference, [visit(now)], "", coordinator, now)
    for choice in (visit(now), visit(now, 540)):
        with pytest.raises(Conflict):
            lock_pair(session, need.reference, second.reference, [choice], "", coordinator, now)


def test_a_hold_lapses_when_the_volunteer_withdraws_and_returns_with_them(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    [rule] = lock_pair(session, need.reference, who.reference, [visit(now)], "", coordinator, now)
    who.state = "paused"
    plan_all(session, SYSTEM, now)
    assert planned(session, need) == []
    session.refresh(rule)
    assert rule.lapsed_gate == "not_active"
    who.state = "active"
    plan_all(session, SYSTEM, now)
    session.refresh(rule)
    assert rule.lapsed_gate is None
    assert planned(session, need) == [(who.reference, 600)]


def test_confirming_lets_go_of_the_hold(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    [rule] = lock_pair(session, need.reference, who.reference, [visit(now)], "", coordinator, now)
    plan_all(session, SYSTEM, now)
    [proposal] = session.scalars(select(Proposal).where(Proposal.state == "suggested")).all()
    confirm(session, proposal.id, visit(now), coordinator, now)
    session.refresh(rule)
    assert rule.released_at is not None


def test_a_stale_release_a_missing_reason_and_another_area_are_refused(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    stranger = factories.actor(session, "branch_staff", area="hanaizumi")
    with pytest.raises(Invalid):
        forbid_pair(session, need.reference, who.reference, " ", coordinator, now)
    rule = forbid_pair(session, need.reference, who.reference, "近所", coordinator, now)
    with pytest.raises(StaleVersion):
        release_pair(session, rule.id, "7", coordinator, now)
    with pytest.raises(NotFound):
        release_pair(session, rule.id, "1", stranger, now)
    with pytest.raises(NotFound):
        lock_pair(session, need.reference, who.reference, [visit(now)], "", stranger, now)
