"""Tables of a partner's in-box: who sits at which desk, and what a desk did with a referral."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base, Identified


class DeskMember(Base):
    """An account that answers for one desk to which people are shown the way."""

    __tablename__ = "desk_members"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    desk_code: Mapped[str] = mapped_column(index=True)


class ReferralReceipt(Identified, Base):
    """When a desk saw a referral, and when it took it on or handed it back."""

    __tablename__ = "referral_receipts"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), unique=True)
    seen_at: Mapped[datetime]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint("decided_at IS NULL OR decided_at >= seen_at", name="order"),)
