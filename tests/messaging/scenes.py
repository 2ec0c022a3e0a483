"""Somebody who was asked, and the jobs that follow from it, done as the worker does them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.kernel import clock, outbox
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.outbox import OutboxJob
from matching.messaging.models import Message
from matching.messaging.sending import Post, send
from matching.messaging.telling import tell
from tests import factories

RESIDENT, STREET = "隠田 しの", "字中野9099"


def asked(
    session: Session,
    now: datetime,
    coordinator: Actor,
    channel: str = "mail",
    need: dict[str, Any] | None = None,
    **contact: Any,
) -> Proposal:
    """A volunteer with a mail address who has just been asked for a visit in three days."""
    person = factories.contact(**({"email": f"v{next(factories.COUNT)}@example.jp"} | contact))
    volunteer = factories.volunteer(session, now, contact=person)
    made = factories.need(
        session,
        now,
        contact=factories.contact(RESIDENT, address=f"岩手県一関市山目{STREET}"),
        district_code="yamanome",
        **(need or {}),
    )
    plan_all(session, SYSTEM, now)
    [proposal] = [
        each
        for each in queries.list_candidates(session, made.id)
        if each.volunteer_id == volunteer.id
    ]
    offer(session, proposal.id, [hour(now)], channel, coordinator, now)
    session.commit()
    return proposal


def hour(now: datetime) -> Choice:
    return Choice(clock.local_date(now) + timedelta(days=3), 540)


def work(
    session: Session,
    now: datetime,
    post: Post,
    ready: Collection[str] = ("mail", "line", "sms"),
    names: Collection[str] = ("message", "send_message"),
) -> list[str]:
    """Do the jobs of messages that are due, urgent first, until none is; returns their names."""
    done = []
    while job := _next(session, now, names):
        if job.name == "message":
            tell(session, job.payload, now, ready)
        else:
            send(session, job.payload, now, post)
        outbox.finish(job, now)
        done.append(job.name)
        session.commit()
    return done


def _next(session: Session, now: datetime, names: Collection[str]) -> OutboxJob | None:
    return session.scalars(
        select(OutboxJob)
        .where(OutboxJob.name.in_(names), OutboxJob.state == "pending")
        .where(OutboxJob.due_at <= now)
        .order_by(OutboxJob.priority, OutboxJob.due_at, OutboxJob.id)
        .limit(1)
    ).first()


def only_message(session: Session) -> Message:
    """The one message there is, as it now stands."""
    session.expire_all()
    return session.scalars(select(Message)).one()
