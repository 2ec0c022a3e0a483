"""Tables of what happened on a visit: times, the report, costs, and what went wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.activities.rules import CONDITIONS, MOST_MINUTES, STATES
from matching.coordination.models import Placement
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned


class Activity(Identified, Versioned, Base):
    """One volunteer's part in one visit: made when something is first known of it.

    A placement without a row here is a visit still to come. `minutes` is the time given, as
    reported; hours count in statistics once somebody other than the reporter has verified them.
    """

    __tablename__ = "activities"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), unique=True)
    state: Mapped[str] = mapped_column(default="confirmed")
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    condition: Mapped[str | None]
    concern: Mapped[bool] = mapped_column(default=False, server_default="false")
    accident: Mapped[bool] = mapped_column(default=False, server_default="false")
    near_miss: Mapped[bool] = mapped_column(default=False, server_default="false")
    note_id: Mapped[int | None] = mapped_column(ForeignKey("need_notes.id"))
    channel: Mapped[str | None]
    reported_at: Mapped[datetime | None]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reminded_at: Mapped[datetime | None]
    placement: Mapped[Placement] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(
            f"condition IS NULL OR {one_of('condition', CONDITIONS)}", name="condition"
        ),
        CheckConstraint(f"minutes BETWEEN 1 AND {MOST_MINUTES}", name="minutes"),
        CheckConstraint("checked_out_at >= checked_in_at", name="times"),
        CheckConstraint(
            "state NOT IN ('reported', 'verified') OR (reported_at IS NOT NULL"
            " AND minutes IS NOT NULL)",
            name="reported",
        ),
        CheckConstraint(
            "(state = 'verified') = (verified_at IS NOT NULL AND verified_by_id IS NOT NULL)",
            name="verified",
        ),
        CheckConstraint("verified_by_id <> reported_by_id", name="two_people"),
        Index("ix_activities_open", "state", postgresql_where=text("state <> 'verified'")),
    )
