"""Table of approvals: what is risky is looked at by a manager before anybody is asked (BR-08)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.models import requester_of

APPROVAL_STATES: Mapping[str, str] = {
    "asked": "承認を待っています",
    "approved": "承認ずみ",
    "refused": "見送り",
}
APPROVAL_MOVES: Mapping[str, frozenset[str]] = {
    "asked": frozenset({"approved", "refused"}),
    # Looked at anew in triage, a need is approved anew.
    "approved": frozenset({"asked"}),
    "refused": frozenset({"asked"}),
}


class NeedApproval(SealedRow, Identified, Versioned, Base):
    """What a manager said of a need of the third level of risk, and why."""

    __tablename__ = "need_approvals"
    key_owner = requester_of
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), unique=True)
    state: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason = Sealed[str | None](limit=1000)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("state", APPROVAL_STATES), name="state"),
        CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL) AND (state = 'asked') ="
            " (decided_by_id IS NULL)",
            name="decided",
        ),
    )
