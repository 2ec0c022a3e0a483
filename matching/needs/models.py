"""Tables of needs: what is asked for, and each visit that it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.rules import PLANNED, RECURRENCES, STATES, URGENCIES
from matching.people.models import Person


class Need(SealedRow, Identified, Versioned, Base):
    """A resident's support request.

    `requester_id` is the person or body who asks; times are local minutes past midnight and
    bound the window in which a visit must fit.
    """

    __tablename__ = "needs"
    key_owner = "requester_id"
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="received")
    received_at: Mapped[datetime]
    channel: Mapped[str]
    requester_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    requester_relation: Mapped[str | None]
    recipient_age: Mapped[int | None]
    household: Mapped[str | None]
    commissioner_id: Mapped[int | None] = mapped_column(ForeignKey("welfare_commissioners.id"))
    proxy_reference: Mapped[str | None]
    proxy_name: Mapped[str | None]
    proxy_phone = Sealed[str | None]()
    postal_code: Mapped[str | None]
    address = Sealed[str | None]()
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    district_code: Mapped[str | None] = mapped_column(ForeignKey("districts.code"))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    category_text: Mapped[str | None]
    title: Mapped[str]
    headcount: Mapped[int] = mapped_column(default=1)
    min_headcount: Mapped[int | None]
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), default=list)
    from_minute: Mapped[int | None] = mapped_column(SmallInteger)
    to_minute: Mapped[int | None] = mapped_column(SmallInteger)
    duration_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    recurrence: Mapped[str] = mapped_column(default="once")
    urgency: Mapped[str] = mapped_column(default="normal")
    decide_by_on: Mapped[date | None]
    gender_preference: Mapped[str | None]
    car_needed: Mapped[bool] = mapped_column(default=False)
    destination: Mapped[str | None]
    destination_lat: Mapped[float | None]
    destination_lon: Mapped[float | None]
    note = Sealed[str | None]()
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    next_action: Mapped[str | None]
    next_action_on: Mapped[date | None] = mapped_column(index=True)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]
    requester: Mapped[Person] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("urgency", URGENCIES), name="urgency"),
        CheckConstraint(one_of("recurrence", RECURRENCES), name="recurrence"),
        CheckConstraint("headcount BETWEEN 1 AND 200", name="headcount"),
        CheckConstraint("min_headcount BETWEEN 1 AND headcount", name="min_headcount"),
        CheckConstraint("end_on >= start_on", name="dates"),
        CheckConstraint(
            "0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440", name="window"
        ),
        CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration"),
        CheckConstraint("gender_preference IN ('F', 'M')", name="gender_preference"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="coordinates"),
        CheckConstraint(
            f"NOT {one_of('state', PLANNED)} OR start_on IS NOT NULL",
            name="planned_has_a_day",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("length(title) BETWEEN 1 AND 2000", name="title"),
        Index("ix_needs_state", "state", "next_action_on"),
    )


class NeedSkill(Base):
    """A skill that everyone who comes for a need must have."""

    __tablename__ = "need_skills"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    skill_code: Mapped[str] = mapped_column(ForeignKey("skills.code"), primary_key=True)


def requester_of(session: Session, value_of: Callable[[str], Any]) -> int | None:
    """Return whose key seals a row that belongs to a need: who asked for it."""
    return session.scalar(select(Need.requester_id).where(Need.id == value_of("need_id")))


class NeedNote(SealedRow, Identified, Base):
    """What staff wrote down about a need; the audit trail holds no text, so this does."""

    __tablename__ = "need_notes"
    key_owner = requester_of
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]
    body = Sealed[str](required=True, limit=2000)
    __table_args__ = (
        CheckConstraint("kind IN ('triage', 'contact', 'report', 'note')", name="kind"),
    )


class NeedOccurrence(Identified, Base):
    """One visit of a need, made when somebody is first placed on it.

    `period_on` names the visit within its series (see `rules.period_start`); all who come share
    its time. `filled` never exceeds `headcount`: the database refuses the last seat twice.
    """

    __tablename__ = "need_occurrences"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    period_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    headcount: Mapped[int]
    filled: Mapped[int] = mapped_column(default=0, server_default="0")
    cancelled_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        Index(
            "uq_need_occurrences_period",
            "need_id",
            "period_on",
            unique=True,
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        CheckConstraint("cancelled_at IS NULL OR filled = 0", name="cancelled_is_empty"),
        # What a placement points at, so that all who come share the visit's need and time.
        UniqueConstraint("id", "need_id", "starts_at", "ends_at", name="uq_need_occurrences_visit"),
        CheckConstraint("ends_at > starts_at", name="interval"),
        CheckConstraint("filled BETWEEN 0 AND headcount", name="seats"),
        Index(
            "ix_need_occurrences_starts_at",
            "starts_at",
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )
