"""A worker that remembers says what one that reads everything anew would say."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Proposal
from matching.coordination.pairing import forbid_pair
from matching.coordination.planning import plan_all, plan_changes, plan_renewed
from matching.coordination.remembering import Memory
from matching.kernel.actor import SYSTEM
from matching.kernel.outbox import OutboxJob
from matching.volunteers.models import DayOff
from tests import factories


def said(session: Session) -> list[tuple[object, ...]]:
    """Everything but the choice of the plan: two mended plans may be equally good."""
    session.flush()
    return [
        (p.need_id, p.volunteer_id, p.rank, p.score, [(s["on"], s["starts"]) for s in p.slots])
        for p in session.scalars(
            select(Proposal)
            .where(Proposal.state == "suggested")
            .order_by(Proposal.need_id, Proposal.volunteer_id)
        )
    ]


def test_only_what_changed_is_told(session: Session, now: datetime) -> None:
    people = [factories.volunteer(session, now) for _ in range(12)]
    for _ in range(6):
        factories.need(session, now)
    memory = Memory()
    plan_all(session, SYSTEM, now, memory=memory)
    assert (memory.rebuilt, memory.updated) == (1, 0)
    plan_changes(session, SYSTEM, now, memory=memory)
    assert (memory.rebuilt, memory.updated) == (1, 0)
    session.add(DayOff(volunteer_id=people[0].id, off_on=date(2026, 11, 26)))
    factories.need(session, now)
    plan_changes(session, SYSTEM, now, memory=memory)
    assert (memory.rebuilt, memory.updated) == (1, 2)
    plan_changes(session, SYSTEM, now + timedelta(days=1), memory=memory)
    assert memory.rebuilt == 2


@pytest.mark.parametrize("seed", range(3))
def test_what_is_remembered_never_changes_an_answer(
    session: Session, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)
    coordinator = factories.actor(session, "coordinator")
    people = [factories.volunteer(session, now) for _ in range(8)]
    needs = [factories.need(session, now) for _ in range(5)]
    memory = Memory()
    plan_all(session, SYSTEM, now, memory=memory)
    for _ in range(4):
        who = chance.choice(people)
        step = chance.randrange(3)
        if step == 0:
            who.state = "paused" if who.state == "active" else "active"
        elif step == 1:
            needs.append(factories.need(session, now))
        elif found := queries.list_candidates(session, chance.choice(needs).id):
            pair = chance.choice(found)
            reference = next(n.reference for n in needs if n.id == pair.need_id)
            volunteer = pair.volunteer.reference
            forbid_pair(session, reference, volunteer, "都合", coordinator, now)
        with session.begin_nested() as point:
            anew = plan_changes(session, SYSTEM, now).counts
            fresh = said(session)
            point.rollback()
        session.expire_all()
        mended = plan_changes(session, SYSTEM, now, memory=memory).counts
        assert said(session) == fresh
        same = ("needs", "visits", "seats", "pairs", "placed", "unplaced", "weighted_seats")
        assert [mended[name] for name in same] == [anew[name] for name in same]
        assert mended["weighted_seats"] <= mended["weighted_seats_bound"]
    assert memory.rebuilt == 1


def renewals(session: Session) -> int:
    waiting = select(func.count(OutboxJob.id)).where(OutboxJob.name == "plan_renew")
    return session.scalar(waiting) or 0


def test_a_plan_whose_gap_has_widened_is_mended_under_new_prices(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        factories.volunteer(session, now)
        factories.need(session, now)
    memory = Memory()
    first = plan_all(session, SYSTEM, now, memory=memory)
    plan_changes(session, SYSTEM, now, memory=memory)
    assert renewals(session) == 0
    monkeypatch.setattr("matching.coordination.planning.MOST_DRIFT", -1.0)
    plan_changes(session, SYSTEM, now, memory=memory)
    plan_changes(session, SYSTEM, now, memory=memory)
    assert renewals(session) == 1
    run = plan_renewed(session, SYSTEM, now, memory=memory)
    assert (run.kind, run.counts["placed"]) == ("repair", first.counts["placed"])
    assert run.counts["changes"] == 0
    assert run.gap == pytest.approx(0, abs=1e-5)
    assert memory.rebuilt == 1


def test_a_worker_that_starts_cold_finds_prices_of_its_own(session: Session, now: datetime) -> None:
    for _ in range(6):
        factories.volunteer(session, now)
        factories.need(session, now)
    first = plan_all(session, SYSTEM, now)
    memory = Memory()
    run = plan_changes(session, SYSTEM, now, memory=memory)
    assert (run.kind, run.counts["placed"], run.counts["changes"]) == (
        "repair",
        first.counts["placed"],
        0,
    )
    assert run.gap == pytest.approx(0, abs=1e-5)
    assert memory.planner is not None
    assert memory.planner.drift == 0
