"""Tables of what went wrong: an incident of a visit, a complaint about a need."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.activities.case_rules import (
    COMPLAINT_KINDS,
    COMPLAINT_STATES,
    INCIDENT_KINDS,
    INCIDENT_STATES,
    SEVERITIES,
)
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.needs.models import Need


class Incident(Identified, Versioned, Base):
    """An accident or near miss on a visit; its words are notes of the need.

    `due_at` is until when the next step is to be taken; only a closed one has none.
    """

    __tablename__ = "incidents"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    kind: Mapped[str]
    severity: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="reported")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime | None]
    insurer_told_at: Mapped[datetime | None]
    family_told_at: Mapped[datetime | None]
    city_told_at: Mapped[datetime | None]
    manager_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("kind", INCIDENT_KINDS), name="kind"),
        CheckConstraint(f"severity IS NULL OR {one_of('severity', SEVERITIES)}", name="severity"),
        CheckConstraint(one_of("state", INCIDENT_STATES), name="state"),
        CheckConstraint("state = 'reported' OR severity IS NOT NULL", name="assessed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'closed') = (due_at IS NULL)", name="due"),
        Index(
            "uq_incidents_open",
            "placement_id",
            "kind",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
    )


class Complaint(Identified, Versioned, Base):
    """A complaint about a need, taken through every step to its end by somebody responsible."""

    __tablename__ = "complaints"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="received")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("kind", COMPLAINT_KINDS), name="kind"),
        CheckConstraint(one_of("state", COMPLAINT_STATES), name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'closed') = (due_at IS NULL)", name="due"),
    )
