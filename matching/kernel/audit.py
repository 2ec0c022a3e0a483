"""The audit trail: who did what to which row and when; ids only, append only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified


class Event(Identified, Base):
    """One thing that happened; the database refuses to change or remove it."""

    __tablename__ = "events"
    occurred_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_role: Mapped[str | None]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    __table_args__ = (
        Index("ix_events_subject", "subject_type", "subject_id", "id"),
        Index("ix_events_occurred_at", "occurred_at"),
    )


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    subject_type: str,
    subject_id: int | None,
    **details: Any,
) -> None:
    """Write one event in the transaction of the change; `details` hold ids, codes and counts."""
    session.add(
        Event(
            occurred_at=now,
            actor_id=actor.account_id,
            actor_role=actor.role,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            details=details,
        )
    )


def list_events(session: Session, *, before: int | None, limit: int) -> Sequence[Event]:
    """Return events, newest first, from below an id on."""
    found = select(Event).order_by(Event.id.desc()).limit(limit)
    return session.scalars(found.where(Event.id < before) if before else found).all()
