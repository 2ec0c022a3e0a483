"""A change mends the plan instead of making it anew; what differs is kept with its reason."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import NeedOutcome, Proposal
from matching.coordination.pairing import forbid_pair, lock_pair
from matching.coordination.placing import Choice
from matching.coordination.plan_models import PlanChange
from matching.coordination.planning import plan_all, plan_changes
from matching.coordination.statements import run_needs
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def changes(session: Session, run_id: int) -> list[tuple[str, str, str]]:
    session.flush()
    found = session.scalars(
        select(PlanChange).where(PlanChange.run_id == run_id).order_by(PlanChange.position)
    )
    return [(each.way, each.reason, str(each.volunteer_id)) for each in found]


def test_without_a_change_a_repair_writes_nothing(session: Session, now: datetime) -> None:
    for _ in range(3):
        factories.volunteer(session, now)
        factories.need(session, now)
    first = plan_all(session, SYSTEM, now)
    session.flush()
    ids = set(session.scalars(select(Proposal.id)))
    again = plan_changes(session, SYSTEM, now)
    session.flush()
    assert again.kind == "repair"
    assert again.previous_id == first.id
    assert set(session.scalars(select(Proposal.id))) == ids
    assert changes(session, again.id) == []
    assert again.counts | {"changes": 0} == first.counts | {"changes": 0}
    assert len(queries.list_planned(session, again.id, None)) == 3
    assert run_needs(session, again) == run_needs(session, first)


def test_a_new_need_is_added_and_the_others_stay(session: Session, now: datetime) -> None:
    for _ in range(4):
        factories.volunteer(session, now)
    for _ in range(2):
        factories.need(session, now)
    plan_all(session, SYSTEM, now)
    before = {p.need_id: p.volunteer_id for p in session.scalars(select(Proposal)) if p.planned}
    new = factories.need(session, now)
    run = plan_changes(session, SYSTEM, now)
    after = {p.need_id: p.volunteer_id for p in queries.list_planned(session, run.id, None)}
    assert {need: after[need] for need in before} == before
    assert [(way, reason) for way, reason, _ in changes(session, run.id)] == [("came", "new_need")]
    assert new.id in after


def test_ruling_a_pair_out_brings_somebody_else_and_says_so(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    people = {v.id: v.reference for v in (factories.volunteer(session, now) for _ in range(2))}
    need = factories.need(session, now)
    run = plan_all(session, SYSTEM, now)
    [chosen] = queries.list_planned(session, run.id, None)
    gone = chosen.volunteer_id
    forbid_pair(session, need.reference, people[gone], "都合", coordinator, now)
    run = plan_changes(session, SYSTEM, now)
    [other] = people.keys() - {gone}
    told = changes(session, run.id)
    assert told == [("left", "person_not_able", str(gone)), ("came", "takes_over", str(other))]
    assert [p.volunteer_id for p in queries.list_planned(session, run.id, None)] == [other]


def test_holding_somebody_else_is_a_change_with_the_coordinators_name_for_it(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    people = [factories.volunteer(session, now) for _ in range(2)]
    need = factories.need(session, now)
    run = plan_all(session, SYSTEM, now)
    [chosen] = queries.list_planned(session, run.id, None)
    [other] = [each for each in people if each.id != chosen.volunteer_id]
    visit = Choice(clock.local_date(now) + timedelta(days=3), 600)
    lock_pair(session, need.reference, other.reference, [visit], "", coordinator, now)
    run = plan_changes(session, SYSTEM, now)
    told = changes(session, run.id)
    assert ("came", "held", str(other.id)) in told
    assert [way for way, _, _ in told] == ["left", "came"]


def test_a_new_day_is_planned_afresh(session: Session, now: datetime) -> None:
    factories.volunteer(session, now)
    factories.need(session, now)
    plan_all(session, SYSTEM, now)
    assert plan_changes(session, SYSTEM, now + timedelta(days=1)).kind == "full"


def test_a_repair_writes_only_what_is_different(session: Session, now: datetime) -> None:
    factories.volunteer(session, now, categories=("shopping",))
    talker = factories.volunteer(session, now, categories=("talk",))
    factories.need(session, now)
    factories.need(session, now, category_code="talk")
    plan_all(session, SYSTEM, now)
    talker.state = "paused"
    run = plan_changes(session, SYSTEM, now)
    session.flush()
    written = select(NeedOutcome.eligible_count).where(NeedOutcome.run_id == run.id)
    assert sorted(session.scalars(written)) in ([0], [0, 1])
    assert [(way, reason) for way, reason, _ in changes(session, run.id)] == [
        ("left", "person_not_able")
    ]
