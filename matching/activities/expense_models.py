"""Tables of money: what somebody laid out for a visit, and a resident's cash taken shopping."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.activities.expense_rules import KINDS, MOST_KM, PAYERS, STATES
from matching.coordination.models import Placement
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned


class ExpenseTerms(Base):
    """The centre's own amounts, each valid from a day until the next row begins."""

    __tablename__ = "expense_terms"
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    yen_per_km: Mapped[int]
    most_yen: Mapped[int]
    most_cash_yen: Mapped[int]
    __table_args__ = (
        CheckConstraint("yen_per_km >= 0 AND most_yen > 0 AND most_cash_yen > 0", name="amounts"),
    )


class ExpenseClaim(Identified, Versioned, Base):
    """One outlay for a visit; what is paid back is checked by somebody else than who claims it."""

    __tablename__ = "expense_claims"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    kind: Mapped[str]
    km: Mapped[float | None]
    yen: Mapped[int]
    receipt: Mapped[bool] = mapped_column(default=False)
    payer: Mapped[str]
    state: Mapped[str] = mapped_column(default="claimed")
    claimed_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    placement: Mapped[Placement] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("payer", PAYERS), name="payer"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("yen > 0", name="yen"),
        CheckConstraint("(kind = 'fuel') = (km IS NOT NULL)", name="fuel"),
        CheckConstraint(f"km > 0 AND km <= {MOST_KM}", name="km"),
        CheckConstraint("(state = 'claimed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decided_by_id <> claimed_by_id", name="two_people"),
        Index(
            "uq_expense_claims_kind",
            "placement_id",
            "kind",
            unique=True,
            postgresql_where=text("kind IN ('fuel', 'fare', 'parking', 'toll')"),
        ),
    )


class CashEntry(Identified, Base):
    """A line of the ledger of one shopping visit: what was taken along, spent and given back."""

    __tablename__ = "cash_entries"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), unique=True)
    taken_yen: Mapped[int]
    spent_yen: Mapped[int]
    returned_yen: Mapped[int]
    receipt: Mapped[bool]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(
            "taken_yen > 0 AND spent_yen >= 0 AND returned_yen >= 0"
            " AND taken_yen = spent_yen + returned_yen",
            name="balance",
        ),
        CheckConstraint("receipt OR spent_yen = 0", name="receipt"),
    )
