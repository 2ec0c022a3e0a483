"""Table of the calls that a visit's alarms made: how far along its ladder each one is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matching.activities.alarm_rules import KEPT, LADDERS
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified


class VisitCall(Identified, Base):
    """A call because a visit had not begun or nobody came back, and that it did not end there."""

    __tablename__ = "visit_calls"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    alarm: Mapped[str]
    result: Mapped[str]
    called_at: Mapped[datetime]
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("alarm", LADDERS), name="alarm"),
        CheckConstraint(one_of("result", KEPT), name="result"),
    )
