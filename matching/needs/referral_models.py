"""Tables of referrals: to which desk, where it stands, who follows it; and case conferences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.models import Need

REFERRAL_STATES: Mapping[str, str] = {
    "drafted": "つなぐ準備中",
    "consented": "ご本人の同意あり",
    "handed_over": "窓口に伝えた",
    "accepted": "窓口が引き受けた",
    "returned": "窓口から戻された",
    "followed_up": "その後をたしかめた",
    "closed": "終わり",
}
REFERRAL_MOVES: Mapping[str, frozenset[str]] = {
    "drafted": frozenset({"consented", "closed"}),
    "consented": frozenset({"handed_over", "closed"}),
    "handed_over": frozenset({"accepted", "returned", "closed"}),
    "accepted": frozenset({"followed_up", "closed"}),
    "returned": frozenset({"closed"}),
    "followed_up": frozenset({"followed_up", "closed"}),
    "closed": frozenset(),
}
RISKS = ("R0", "R1", "R2", "R3", "R9")
SITE_CHECKS: Mapping[str, str] = {
    "none": "まだ",
    "phone": "電話で聞いた",
    "visit": "訪ねて見た",
}


def _requester(session: Session, value_of: Callable[[str], Any]) -> int | None:
    return session.scalar(select(Need.requester_id).where(Need.id == value_of("need_id")))


class Referral(SealedRow, Identified, Versioned, Base):
    """A need handed to another desk; an open one has an owner and a next date (BR-06)."""

    __tablename__ = "referrals"
    key_owner = _requester
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    desk_code: Mapped[str]
    state: Mapped[str] = mapped_column(default="drafted")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    next_on: Mapped[date]
    answer = Sealed[str | None](limit=2000)
    opened_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(one_of("state", REFERRAL_STATES), name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index(
            "uq_referrals_open",
            "need_id",
            "desk_code",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
    )


class CaseConference(SealedRow, Identified, Base):
    """A talk about a difficult need: who sat together, what they found, when they look again."""

    __tablename__ = "case_conferences"
    key_owner = _requester
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    held_on: Mapped[date]
    attended = Sealed[str](required=True, limit=500)
    found = Sealed[str](required=True, limit=4000)
    next_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class NeedAssessment(Identified, Base):
    """What triage found beside the outcome: the risk, the reason's code, how the site is known."""

    __tablename__ = "need_assessments"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), unique=True)
    risk_level: Mapped[str]
    site_check: Mapped[str]
    reason_code: Mapped[str | None]
    assessed_at: Mapped[datetime]
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("risk_level", RISKS), name="risk_level"),
        CheckConstraint(one_of("site_check", SITE_CHECKS), name="site_check"),
    )
