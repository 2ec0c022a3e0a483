"""Table of doors that stayed closed: where on the ladder somebody is looked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.activities.absence_rules import FOUND, LADDER
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.needs.models import Need


class Absence(Identified, Versioned, Base):
    """A resident who was not met; open until somebody knows how they are."""

    __tablename__ = "absences"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), unique=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    rung: Mapped[str] = mapped_column(default="retry")
    due_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    found: Mapped[str | None]
    found_at: Mapped[datetime | None]
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("rung", LADDER), name="rung"),
        CheckConstraint(f"found IS NULL OR {one_of('found', FOUND)}", name="found"),
        CheckConstraint("(found IS NULL) = (found_at IS NULL)", name="found_at"),
        Index("ix_absences_open", "due_at", postgresql_where=text("found IS NULL")),
    )
