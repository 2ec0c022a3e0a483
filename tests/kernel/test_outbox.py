"""Jobs leave once, come back when lost, and never wait for each other."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import outbox
from matching.kernel.outbox import OutboxJob


def jobs(session: Session) -> list[OutboxJob]:
    return list(session.scalars(select(OutboxJob).order_by(OutboxJob.id)))


def test_many_wishes_with_one_merge_key_become_one_job(session: Session, now: datetime) -> None:
    for _ in range(5):
        outbox.enqueue(session, "plan", {}, now, merge_key="plan")
    assert len(jobs(session)) == 1


def test_a_wish_after_publication_is_a_job_of_its_own(session: Session, now: datetime) -> None:
    outbox.enqueue(session, "plan", {}, now, merge_key="plan")
    assert outbox.take_due(session, now)
    outbox.enqueue(session, "plan", {}, now, merge_key="plan")
    assert len(jobs(session)) == 2


def test_a_job_is_taken_when_due_and_only_once(session: Session, now: datetime) -> None:
    outbox.enqueue(session, "plan", {}, now, delay=timedelta(seconds=2))
    assert outbox.take_due(session, now) == []
    later = now + timedelta(seconds=2)
    assert [name for name, _ in outbox.take_due(session, later)] == ["plan"]
    assert outbox.take_due(session, later) == []


def test_a_bell_that_could_not_be_rung_counts_as_no_attempt(
    session: Session, now: datetime
) -> None:
    outbox.enqueue(session, "plan", {}, now)
    [(_, job_id)] = outbox.take_due(session, now)
    outbox.put_back(session, [job_id], now)
    session.expire_all()
    [job] = jobs(session)
    assert (job.attempts, job.published_at) == (0, None)


def test_the_sweep_offers_a_lost_job_again(session: Session, now: datetime) -> None:
    outbox.enqueue(session, "plan", {}, now)
    outbox.take_due(session, now)
    assert outbox.sweep(session, now + outbox.LOST_AFTER) == 0
    later = now + outbox.LOST_AFTER + timedelta(seconds=1)
    assert outbox.sweep(session, later) == 1
    session.expire_all()
    assert len(outbox.take_due(session, later)) == 1


def test_a_job_that_keeps_failing_is_parked(session: Session, now: datetime) -> None:
    outbox.enqueue(session, "plan", {}, now)
    for _ in range(outbox.MOST_ATTEMPTS + 1):
        outbox.take_due(session, now)
        now += outbox.LOST_AFTER + timedelta(seconds=1)
        outbox.sweep(session, now)
        session.expire_all()
    [job] = jobs(session)
    assert job.state == "parked"
    assert outbox.pressure(session, now)["parked"] == 1


def test_a_job_done_is_not_claimed_again(session: Session, now: datetime) -> None:
    outbox.enqueue(session, "plan", {}, now)
    [(_, job_id)] = outbox.take_due(session, now)
    job = outbox.claim(session, job_id)
    assert job is not None
    outbox.finish(job, now)
    session.flush()
    assert outbox.claim(session, job_id) is None
