"""Jobs leave through rows: written with the change that asks for them, done with their effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Index, SmallInteger, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.database import Base, Identified

MOST_ATTEMPTS = 5
MOST_IN_FLIGHT = 40  # the rest waits here, in order, and not in the broker
LOST_AFTER = timedelta(seconds=45)
PLAN_SOON = timedelta(seconds=2)
WAITING = "state = 'pending' AND published_at IS NULL"


# What is done first after a night in which nothing was: people before plans, telling before
# learning. Messages say for themselves how urgent they are (2 for what is off or has changed);
# what becomes one of those is told before them, so that no other message leaves first.
PRIORITY: Mapping[str, int] = {"escalate_concern": 0, "message": 3, "learn": 8, "replay": 8}
AT_ONCE = 1
USUAL_PRIORITY = 4


class OutboxJob(Identified, Base):
    """One job: pending until its effect is committed with it, or parked for a person to look at."""

    __tablename__ = "outbox_jobs"
    name: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    merge_key: Mapped[str | None]
    priority: Mapped[int] = mapped_column(SmallInteger, default=4, server_default="4")
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'parked')", name="state"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("uq_outbox_jobs_merge", "merge_key", unique=True, postgresql_where=text(WAITING)),
        Index("ix_outbox_jobs_due", "due_at", postgresql_where=text("state = 'pending'")),
    )


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    delay: timedelta = timedelta(),
    merge_key: str | None = None,
    priority: int | None = None,
) -> None:
    """Ask for a job in this transaction; jobs of one `merge_key` not yet published become one.

    A merged job keeps the due time of the first, so a stream of changes cannot put it off. Among
    jobs that are due the lowest `priority` (default: by its name) goes first.
    """
    row = insert(OutboxJob).values(
        name=name,
        payload=payload,
        merge_key=merge_key,
        priority=PRIORITY.get(name, USUAL_PRIORITY) if priority is None else priority,
        state="pending",
        created_at=now,
        due_at=now + delay,
    )
    if merge_key is not None:
        # The no-op update waits for a rival's commit, so neither request is lost.
        row = row.on_conflict_do_update(
            index_elements=[OutboxJob.merge_key],
            index_where=text(WAITING),
            set_={"payload": payload},
        )
    session.execute(row)


def take_due(session: Session, now: datetime, most: int = 100) -> list[tuple[str, int]]:
    """Mark the jobs that are due as published; return names and ids, urgent first, then oldest.

    No more than `MOST_IN_FLIGHT` are out at a time, so that a backlog keeps its order. The caller
    commits before it rings the bell: a worker that heard it earlier would find the row locked.
    Each publication counts as an attempt; a job past `MOST_ATTEMPTS` is parked.
    """
    room = min(most, MOST_IN_FLIGHT - _in_flight(session))
    if room <= 0:
        return []
    waiting = (
        select(OutboxJob)
        .where(OutboxJob.state == "pending", OutboxJob.published_at.is_(None))
        .where(OutboxJob.due_at <= now)
        .order_by(OutboxJob.priority, OutboxJob.due_at, OutboxJob.id)
        .limit(room)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for job in session.scalars(waiting):
        if job.attempts >= MOST_ATTEMPTS:
            job.state = "parked"
            continue
        job.attempts += 1
        job.published_at = now
        taken.append((job.name, job.id))
    return taken


def _in_flight(session: Session) -> int:
    out = select(func.count(OutboxJob.id)).where(
        OutboxJob.state == "pending", OutboxJob.published_at.is_not(None)
    )
    return session.scalar(out) or 0


def put_back(session: Session, job_ids: Sequence[int], due_at: datetime) -> None:
    """Undo `take_due` for jobs whose bell could not be rung: no attempt was made."""
    session.execute(
        update(OutboxJob)
        .where(OutboxJob.id.in_(job_ids), OutboxJob.state == "pending")
        .values(published_at=None, attempts=OutboxJob.attempts - 1, due_at=due_at, merge_key=None)
    )


def sweep(session: Session, now: datetime) -> int:
    """Offer again the jobs that were published and never came back; returns how many."""
    lost = (
        update(OutboxJob)
        .where(OutboxJob.state == "pending", OutboxJob.published_at < now - LOST_AFTER)
        .where(OutboxJob.id.in_(_free(OutboxJob.published_at < now - LOST_AFTER)))
        .values(published_at=None, due_at=now, merge_key=None)
    )
    return int(session.execute(lost).rowcount)  # type: ignore[attr-defined]


def _free(condition: Any) -> Any:
    """Jobs nobody works on: a running job holds the lock of its row."""
    return (
        select(OutboxJob.id)
        .where(OutboxJob.state == "pending", condition)
        .with_for_update(skip_locked=True)
    )


def claim(session: Session, job_id: int) -> OutboxJob | None:
    """Take a job for this transaction; None when it is done, parked or in other hands."""
    return session.scalar(
        select(OutboxJob)
        .where(OutboxJob.id == job_id, OutboxJob.state == "pending")
        .with_for_update(skip_locked=True)
    )


def finish(job: OutboxJob, now: datetime) -> None:
    """Mark a claimed job done, in the same transaction as its effect."""
    job.state, job.done_at, job.failure = "done", now, None


def note_failure(session: Session, job_id: int, failure: str) -> None:
    """Keep the kind of error with the job, for the operator; the sweep tries it again."""
    session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(failure=failure[:200]))


def is_waiting(session: Session, *names: str) -> bool:
    """Tell whether a job of one of these names is asked for and not done yet."""
    waiting = select(OutboxJob.id).where(OutboxJob.name.in_(names), OutboxJob.state == "pending")
    return session.scalar(select(waiting.exists())) or False


def pressure(session: Session, now: datetime) -> dict[str, float]:
    """Count what waits: pending, seconds the oldest is overdue, parked."""
    pending = OutboxJob.state == "pending"
    count, oldest = session.execute(
        select(func.count(), func.min(OutboxJob.due_at)).where(pending, OutboxJob.due_at <= now)
    ).one()
    parked = session.scalar(select(func.count()).where(OutboxJob.state == "parked"))
    late = (now - oldest).total_seconds() if oldest else 0.0
    return {"pending": count, "oldest_seconds": max(0.0, late), "parked": parked or 0}


def tell_at_once(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Ask for the message of a visit that is off or has changed: it overtakes all others."""
    enqueue(session, "message", payload, now, priority=AT_ONCE)


def plan_soon(session: Session, now: datetime) -> None:
    """Ask for one planning run for all that changes within the next moments."""
    enqueue(session, "plan", {}, now, delay=PLAN_SOON, merge_key="plan")


def plan_afresh(session: Session, now: datetime) -> None:
    """Ask for a plan of everything that does not start from the last one."""
    enqueue(session, "plan_full", {}, now, merge_key="plan_full")
