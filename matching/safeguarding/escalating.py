"""Escalating: who is told about a concern, and who next when nobody takes it up in time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.kernel import audit, outbox, tasks
from matching.kernel.actor import SYSTEM
from matching.kernel.clock import local_date
from matching.kernel.tasks import Task
from matching.safeguarding.models import Concern, ConcernAlert
from matching.safeguarding.queries import phone_list
from matching.safeguarding.rules import ACKNOWLEDGE_WITHIN

JOB = "escalate_concern"


def tell_next(session: Session, concern: Concern, now: datetime) -> None:
    """Tell the next person of the phone list, by a notice on every page and a task to be phoned.

    Half an hour later the job tells the one after, unless somebody took it up. After the last
    one it begins again with the first.
    """
    told = select(ConcernAlert.account_id).where(ConcernAlert.concern_id == concern.id)
    order = session.scalars(told.order_by(ConcernAlert.id)).all()
    people = phone_list(session, local_date(now))
    waiting = [account_id for account_id in people if account_id not in set(order)]
    owner = next(iter(waiting or people), None)
    if waiting:
        session.add(ConcernAlert(concern_id=concern.id, account_id=owner, alerted_at=now))
    _phone_task(session, concern, owner, now)
    outbox.enqueue(session, JOB, {"concern": concern.id}, now, delay=ACKNOWLEDGE_WITHIN)
    audit.record(session, SYSTEM, now, "concern_told", "concern", concern.id, account=owner)


def _phone_task(session: Session, concern: Concern, owner: int | None, now: datetime) -> None:
    subject = ("concern", concern.id)
    tasks.open_task(session, "concern", subject, now, now, owner_id=owner)
    session.execute(
        update(Task)
        .where(Task.kind == "concern", Task.subject_type == "concern", Task.state == "open")
        .where(Task.subject_id == concern.id, Task.owner_id.is_distinct_from(owner))
        .values(owner_id=owner, version=Task.version + 1)
    )


def escalate(session: Session, concern_id: int, now: datetime) -> None:
    """Tell the next person if nobody has taken the concern up within the half hour."""
    concern = session.scalar(
        select(Concern).where(Concern.id == concern_id).with_for_update(key_share=True)
    )
    if concern is not None and concern.state == "reported":
        tell_next(session, concern, now)
