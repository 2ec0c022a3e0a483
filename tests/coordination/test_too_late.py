"""What comes too late: a yes when nobody may go any more, an offer after a run, a cancelling."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.recording import Report, check_in, report
from matching.coordination import queries
from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.expiring import expire_offers
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.planning import plan_all
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict
from matching.kernel.outbox import OutboxJob
from matching.needs.models import Need
from matching.safeguarding.raising import Worry, raise_concern
from tests import factories
from tests.messaging.scenes import asked, hour


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def worry(session: Session, proposal: Proposal, coordinator: Actor, now: datetime) -> None:
    about = Worry("様子がおかしい", about=("need", proposal.need_id or 0))
    raise_concern(session, about, coordinator, now)


def test_a_late_yes_for_somebody_who_is_on_hold_is_over(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-01: the offer had run out before the concern came, so that nothing ended it."""
    proposal = asked(session, now, coordinator, channel="phone")
    assert proposal.expires_at is not None
    late = proposal.expires_at
    expire_offers(session, late)
    session.refresh(proposal)
    need = session.get_one(Need, proposal.need_id)
    need.state = "matched"  # others were found, so that a yes would go to the queue
    worry(session, proposal, coordinator, late)
    boss = factories.actor(session, "center_manager")
    session.commit()
    with pytest.raises(Conflict, match="もう終わっています"):
        answer(session, proposal.id, Answer("yes", "phone"), boss, late)
    session.rollback()
    assert proposal.state == "no_response"


def test_a_held_seat_is_not_settled_while_somebody_is_on_hold(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-01: not even where the resident has just said yes."""
    proposal = asked(session, now, coordinator, channel="phone")
    answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    worry(session, proposal, coordinator, now)
    session.commit()
    with pytest.raises(Conflict):
        resident_agrees(
            session, proposal.id, "phone", "", factories.actor(session, "center_manager"), now
        )


def test_an_offer_made_while_the_next_run_ended_means_the_new_suggestion_of_the_pair(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """The list was open on the desk: whom she asks is the same, though the row is a new one."""
    factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    [old] = queries.list_candidates(session, need.id)
    need.note = "門の前に車を置けます"
    need.version += 1
    plan_all(session, SYSTEM, now)
    session.refresh(old)
    assert old.state == "superseded"
    made = offer(session, old.id, [hour(now)], "phone", coordinator, now)
    assert (made.state, made.volunteer_id) == ("contacted", old.volunteer_id)
    assert made.id != old.id


def test_a_visit_that_has_begun_is_told_and_not_taken_back(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """The desk's button of the need page was left open: whoever has arrived keeps the visit."""
    proposal = asked(session, now, coordinator, channel="phone")
    answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    [visit] = resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    check_in(session, visit.id, "phone", coordinator, visit.starts_at)
    with pytest.raises(Conflict, match="もう始まった"):
        cancel(session, visit.id, "用事", coordinator, visit.starts_at)
    assert visit.state == "confirmed"


@pytest.mark.parametrize("state", ["on_hold", "withdrawn", "completed", "unmet"])
def test_a_late_yes_for_what_is_over_waits_in_no_queue(
    session: Session, now: datetime, coordinator: Actor, state: str
) -> None:
    proposal = asked(session, now, coordinator, channel="phone")
    session.get_one(Need, proposal.need_id).state = state
    session.flush()
    with pytest.raises(Conflict, match="もう終わっています"):
        answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    assert proposal.state == "contacted"


def test_who_waits_in_the_queue_is_told_when_the_visit_has_been(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """Nobody waits for a need that is over (S6)."""
    first = asked(session, now, coordinator, channel="phone")
    answer(session, first.id, Answer("yes", "phone"), coordinator, now)
    [visit] = resident_agrees(session, first.id, "phone", "", coordinator, now)
    waiting = Proposal(
        need_id=first.need_id, volunteer_id=factories.volunteer(session, now).id,
        category_code="shopping", state="waitlisted", proposed_at=now,
        decided_by_id=coordinator.account_id,
    )  # fmt: skip
    session.add(waiting)
    session.flush()
    report(session, visit.id, Report(60, "usual"), "phone", coordinator, visit.ends_at)
    session.refresh(waiting)
    assert waiting.state == "cancelled"
    jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "message"))
    told = [job.payload for job in jobs if job.payload["kind"] == "not_needed"]
    assert told == [{"kind": "not_needed", "proposal": waiting.id}]
