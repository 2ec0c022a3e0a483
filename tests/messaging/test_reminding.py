"""Reminders come once and in time; nothing waits for a job that nobody will do."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.outbox import OutboxJob
from matching.kernel.tasks import Task
from matching.messaging.models import Message
from matching.messaging.reminding import park_lost, remind
from matching.messaging.sending import Post
from tests.messaging.scenes import asked, only_message, work

ALL = ("mail", "line", "sms")


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Message.kind).order_by(Message.id)))


def test_an_offer_about_to_end_is_brought_to_mind_once(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    proposal = asked(session, now, coordinator)
    assert proposal.expires_at is not None
    assert remind(session, proposal.expires_at - timedelta(hours=25), ALL) == 0
    for _ in range(2):
        remind(session, proposal.expires_at - timedelta(hours=23), ALL)
        session.commit()
    assert kinds(session) == ["offer_reminder"]
    assert remind(session, proposal.expires_at, ALL) == 0


def test_tomorrows_visit_is_announced_the_afternoon_before_and_once(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    proposal = asked(session, now, coordinator)
    answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    session.commit()
    eve = clock.local_date(now) + timedelta(days=2)
    for day, minutes, count in (
        (eve - timedelta(days=1), 17 * 60, 0),
        (eve, 15 * 60, 0),
        (eve, 16 * 60, 1),
        (eve, 18 * 60, 1),
        (eve, 20 * 60, 1),
    ):
        remind(session, clock.instant(day, minutes), ALL)
        session.commit()
        assert kinds(session).count("visit_reminder") == count, (day, minutes)


def test_a_message_whose_job_was_given_up_is_parked_for_somebody_to_see(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    asked(session, now, coordinator)
    work(session, now, Post({}, ""), names=("message",))
    later = now + timedelta(minutes=11)
    assert park_lost(session, later) == 0
    session.execute(
        update(OutboxJob).where(OutboxJob.name == "send_message").values(state="parked")
    )
    assert park_lost(session, later) == 1
    session.commit()
    assert (only_message(session).state, only_message(session).failure) == ("parked", "lost")
    count = select(func.count(Task.id)).where(Task.kind == "message_parked")
    assert session.scalar(count) == 1
