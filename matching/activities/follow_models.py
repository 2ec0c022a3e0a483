"""Tables of what follows: calls to both sides, how a need ended, certificates of what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.activities.follow_rules import CLOSURES, OUTCOMES, REVOCATIONS
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.needs.models import Need
from matching.volunteers.models import Volunteer


class FollowUp(Identified, Versioned, Base):
    """One call to both sides of a pair, so many months after their first visit."""

    __tablename__ = "follow_ups"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    months: Mapped[int]
    started_on: Mapped[date]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str | None]
    resident_content: Mapped[int | None]
    volunteer_content: Mapped[int | None]
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    volunteer: Mapped[Volunteer] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("need_id", "volunteer_id", "months"),
        CheckConstraint("months >= 0", name="months"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', OUTCOMES)}", name="outcome"),
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done"),
        CheckConstraint(
            "resident_content BETWEEN 1 AND 5 AND volunteer_content BETWEEN 1 AND 5",
            name="content",
        ),
        Index("ix_follow_ups_due", "due_on", postgresql_where=text("done_at IS NULL")),
    )


class NeedClosure(Base):
    """Why a need came to its end, and who said so."""

    __tablename__ = "need_closures"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    reason: Mapped[str]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint(one_of("reason", CLOSURES), name="reason"),)


class Certificate(Identified, Base):
    """A certificate as it was printed: its figures stay what they were on that day.

    `lines` hold kind of help, visits and minutes; `code` is what a reader of the paper types.
    """

    __tablename__ = "certificates"
    code: Mapped[str] = mapped_column(unique=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    visits: Mapped[int]
    minutes: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    volunteer: Mapped[Volunteer] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="period"),
        CheckConstraint("visits > 0 AND minutes > 0", name="figures"),
        CheckConstraint(
            f"revoke_reason IS NULL OR {one_of('revoke_reason', REVOCATIONS)}", name="revoke_reason"
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason IS NULL)", name="revoked"),
    )
