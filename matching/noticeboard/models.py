"""Tables of what the centre tells on its pages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.noticeboard.modes import MODES
from matching.noticeboard.rules import AUDIENCES


class Notice(Identified, Versioned, Base):
    """A text for everybody, one kind of reader or one area, for a time, in every register."""

    __tablename__ = "notices"
    audience: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    text_ja: Mapped[str]
    text_easy: Mapped[str]
    text_en: Mapped[str]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("audience", AUDIENCES), name="audience"),
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn"),
        Index("ix_notices_ends_at", "ends_at"),
    )


class ModeSwitch(Identified, Base):
    """One change of the service's mode; the newest row is the mode it is in.

    Each names the switch it follows, so that two people never switch from the same mode at once.
    """

    __tablename__ = "mode_switches"
    mode: Mapped[str]
    after_id: Mapped[int] = mapped_column(unique=True)  # 0: the first of all
    until_on: Mapped[date | None]
    switched_at: Mapped[datetime]
    switched_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint(one_of("mode", MODES), name="mode"),)
