"""A worker that slept for a day catches up: what is urgent first, and nothing that is stale."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.expiring import expire_offers
from matching.coordination.models import Placement, Proposal
from matching.kernel import outbox
from matching.kernel.actor import Actor
from matching.kernel.outbox import OutboxJob
from matching.messaging.models import Message
from matching.messaging.sending import Post, send
from matching.messaging.telling import tell
from tests.messaging.scenes import asked
from tests.messaging.smtp_sink import Sink

DAY = timedelta(hours=24)


def settled(session: Session, now: datetime, coordinator: Actor, address: str) -> Proposal:
    proposal = asked(session, now, coordinator, email=address)
    answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    session.commit()
    return proposal


def wake_up(session: Session, now: datetime, post: Post) -> list[str]:
    """Relay and worker as they are: a few jobs at a time, in the order of the rows."""
    done: list[str] = []
    while taken := outbox.take_due(session, now, 3):
        session.commit()
        for name, number in taken:
            job = outbox.claim(session, number)
            assert job is not None
            if name == "message":
                tell(session, job.payload, now, ("mail",))
            elif name == "send_message":
                send(session, job.payload, now, post)
                session.flush()
                kind = session.get_one(Message, job.payload["message"], populate_existing=True).kind
                name = f"send {kind}"
            outbox.finish(job, now)
            session.commit()
            done.append(name)
    return done


def test_after_a_day_asleep_the_urgent_leaves_first_and_the_stale_not_at_all(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """F18: safety, then what people act on today, then the rest; what is over is dropped."""
    urgent_need = {"urgency": "emergency"}
    asked(session, now, coordinator, email="over@example.jp", need=urgent_need)
    asked(session, now, coordinator, email="open@example.jp")
    answered = asked(session, now, coordinator, email="answered@example.jp")
    changed = settled(session, now, coordinator, "changed@example.jp")
    settled(session, now, coordinator, "settled@example.jp")
    answer(session, answered.id, Answer("no", "phone"), coordinator, now)
    [placement] = session.scalars(
        select(Placement.id).where(Placement.proposal_id == changed.id)
    ).all()
    cancel(session, placement, "ご都合", coordinator, now)
    outbox.enqueue(session, "plan_full", {}, now, merge_key="plan_full")
    outbox.enqueue(session, "learn", {}, now, merge_key="learn")
    outbox.enqueue(session, "escalate_concern", {"concern": 0}, now + timedelta(hours=23))
    session.commit()
    later = now + DAY
    expire_offers(session, later)
    session.commit()
    order = wake_up(session, later, post)
    assert order[0] == "escalate_concern"
    sends = [name for name in order if name.startswith("send ")]
    assert sends[0] == "send cancelled"
    assert sorted(sends[1:]) == ["send confirmed", "send offer"]
    assert order.index("send offer") < order.index("plan_full") < order.index("learn")
    went = sorted(address for [address] in sink.recipients)
    assert went == ["changed@example.jp", "open@example.jp", "settled@example.jp"]
    subjects = {str(mail["Subject"]) for mail in sink.mails}
    assert subjects == {"活動は取りやめになりました", "活動が決まりました", "お願いできますか"}


def test_a_day_of_backlog_is_not_poured_into_the_broker_at_once(
    session: Session, now: datetime
) -> None:
    """No stampede: what came late and is urgent overtakes what still waits in its row."""
    for number in range(200):
        outbox.enqueue(session, "message", {"number": number}, now)
    session.commit()
    first = outbox.take_due(session, now, 100)
    assert len(first) == outbox.MOST_IN_FLIGHT
    assert outbox.take_due(session, now, 100) == []
    outbox.tell_at_once(session, {"kind": "cancelled"}, now)
    outbox.enqueue(session, "escalate_concern", {"concern": 0}, now)
    for _name, number in first[:2]:
        outbox.finish(session.get_one(OutboxJob, number), now)
    session.flush()
    urgent = [session.get_one(OutboxJob, number) for _name, number in outbox.take_due(session, now)]
    assert [job.payload for job in urgent] == [{"concern": 0}, {"kind": "cancelled"}]
