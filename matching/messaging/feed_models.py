"""The table of calendar feeds: addresses by which a calendar reads somebody's visits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base, Identified

LONGEST_LABEL = 40


class CalendarFeed(Identified, Base):
    """One address for one device; only the digest of its token is kept."""

    __tablename__ = "calendar_feeds"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint(f"length(label) <= {LONGEST_LABEL}", name="label"),)
