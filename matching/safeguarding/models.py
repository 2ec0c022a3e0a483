"""Tables of safeguarding: concerns, whom they touch, who was told, who looks into them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.safeguarding.rules import DECISIONS, METHODS, PARTS, STATES, TARGETS


class Concern(SealedRow, Identified, Versioned, Base):
    """A worry about somebody; it can be followed up and closed, never removed (BR-02).

    Who raised it and in which words is for the safeguarding group alone; the words are sealed under
    the service's key, for they outlast the data of any one person.
    """

    __tablename__ = "concerns"
    state: Mapped[str] = mapped_column(default="reported")
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    raised_role: Mapped[str]
    target: Mapped[str]
    in_danger: Mapped[bool]
    body = Sealed[str](required=True)
    about_type: Mapped[str | None]
    about_id: Mapped[int | None]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("target", TARGETS), name="target"),
        CheckConstraint(
            "(state = 'reported') = (acknowledged_at IS NULL) "
            "AND (acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)",
            name="acknowledged",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_concerns_open", "raised_at", postgresql_where=text("state <> 'closed'")),
    )


class ConcernPerson(Base):
    """A person whom a concern touches; everything that would reach them stops."""

    __tablename__ = "concern_people"
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    part: Mapped[str]
    __table_args__ = (CheckConstraint(one_of("part", PARTS), name="part"),)


class ConcernReport(SealedRow, Identified, Base):
    """Who told which desk about a concern, when and how, what it answered, what comes next."""

    __tablename__ = "concern_reports"
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"), index=True)
    told_at: Mapped[datetime]
    told_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    desk: Mapped[str]
    method: Mapped[str]
    answer = Sealed[str](required=True)
    next_step = Sealed[str](required=True, limit=2000)
    recorded_at: Mapped[datetime]
    __table_args__ = (CheckConstraint(one_of("method", METHODS), name="method"),)


class ConcernDecision(SealedRow, Identified, Base):
    """A manager's decision, with its reason, that the standstill goes on or ends."""

    __tablename__ = "concern_decisions"
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"), index=True)
    decision: Mapped[str]
    reason = Sealed[str](required=True, limit=2000)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint(one_of("decision", DECISIONS), name="decision"),)


class ConcernAlert(Identified, Base):
    """Somebody who was told about a concern, in the order of the phone list."""

    __tablename__ = "concern_alerts"
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    alerted_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_concern_alerts_once", "concern_id", "account_id", unique=True),
        Index("ix_concern_alerts_account", "account_id", "id"),
    )
