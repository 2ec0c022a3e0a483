"""Two people say yes to one place at the same moment: one comes, the other waits kindly."""

import os
import threading
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.answering import Answer, answer
from matching.coordination.models import Placement, Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.outbox import OutboxJob
from matching.messaging.models import Message
from matching.messaging.telling import tell
from matching.needs.models import Need
from tests import factories

ROUNDS = int(os.environ.get("YES_ROUNDS", "6"))
BATCH = 20  # places that are asked for at once, each in a village of its own


def test_of_two_yeses_at_once_one_comes_and_one_waits(
    engine: Engine, session: Session, now: datetime
) -> None:
    boss = factories.actor(session, "coordinator")
    session.commit()
    for first in range(0, ROUNDS, BATCH):
        pairs = _asked(session, boss, now, min(BATCH, ROUNDS - first))
        for need_id, proposals in pairs:
            _answer_at_once(engine, proposals, boss, now)
            session.rollback()
            _check(session, need_id, proposals)
        _tell_and_finish(session, now)
        _forget(session)
    broken = [each for each in count_violations(session, now) if each["violations"]]
    assert broken == []


def _asked(
    session: Session, boss: Actor, now: datetime, count: int
) -> list[tuple[int, tuple[int, int]]]:
    """Needs of one seat, each with two neighbours who have been asked for the same hour."""
    needs = []
    for number in range(count):
        place = (38.0 + number / 10, 141.0)
        for _ in range(2):
            contact = factories.contact(lat=place[0], lon=place[1])
            factories.volunteer(session, now, contact=contact, max_distance_km=1.0)
        needs.append(factories.need(session, now, location=place))
    plan_all(session, SYSTEM, now)
    choice = Choice(clock.local_date(now) + timedelta(days=3), 540)
    found = []
    for need in needs:
        asked = [each.id for each in queries.list_candidates(session, need.id)][:2]
        for number in asked:
            offer(session, number, [choice], "phone", boss, now)
        found.append((need.id, (asked[0], asked[1])))
    session.commit()
    return found


def _answer_at_once(engine: Engine, proposals: tuple[int, int], boss: Actor, now: datetime) -> None:
    gate, failures = threading.Barrier(2), []

    def say_yes(number: int) -> None:
        try:
            with Session(engine) as own, own.begin():
                gate.wait()
                answer(own, number, Answer("yes", "phone"), boss, now)
        except Exception as failure:  # kept for the test, which must see what a thread met
            failures.append(failure)

    threads = [threading.Thread(target=say_yes, args=(number,)) for number in proposals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def _check(session: Session, need_id: int, proposals: tuple[int, int]) -> None:
    states = session.scalars(select(Proposal.state).where(Proposal.id.in_(proposals))).all()
    assert sorted(states) == ["accepted", "waitlisted"]
    placed = session.scalars(select(Placement.state).where(Placement.need_id == need_id)).all()
    assert placed == ["held"]


def _tell_and_finish(session: Session, now: datetime) -> None:
    """Do what the worker would; who waits has one kind message."""
    for job in session.scalars(select(OutboxJob).where(OutboxJob.state == "pending")).all():
        if job.name == "message":
            tell(session, job.payload, now)
        job.state, job.done_at = "done", now
    session.flush()
    waiting = set(session.scalars(select(Proposal.id).where(Proposal.state == "waitlisted")))
    told = session.scalars(select(Message.proposal_id).where(Message.kind == "waitlisted")).all()
    assert waiting <= set(told) and len(told) == len(set(told))
    session.commit()


def _forget(session: Session) -> None:
    """Close what is settled, so that the next batch is planned alone."""
    for need in session.scalars(select(Need).where(Need.state == "matched")):
        need.state = "completed"
    for proposal in session.scalars(select(Proposal).where(Proposal.state == "waitlisted")):
        proposal.state = "cancelled"
    session.commit()
