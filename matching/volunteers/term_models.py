"""Tables of terms: plans of insurance by fiscal year, and who is enrolled in which."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.volunteers.term_rules import PLANS


class InsurancePlan(Base):
    """A plan as sold for one fiscal year; its price is unknown until somebody has seen it."""

    __tablename__ = "insurance_plans"
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(primary_key=True)
    yen: Mapped[int | None]
    __table_args__ = (
        CheckConstraint(one_of("code", PLANS), name="code"),
        CheckConstraint("yen > 0", name="yen"),
    )


class InsuranceEnrolment(Identified, Base):
    """One person's enrolment for one fiscal year; the days it covers follow BR-18."""

    __tablename__ = "insurance_enrolments"
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    fiscal_year: Mapped[int]
    plan_code: Mapped[str]
    enrolled_on: Mapped[date]
    covers_from: Mapped[date]
    covers_until: Mapped[date]
    immediate: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        ForeignKeyConstraint(
            ["fiscal_year", "plan_code"],
            ["insurance_plans.fiscal_year", "insurance_plans.code"],
            name="fk_insurance_enrolments_plan",
        ),
        UniqueConstraint("volunteer_id", "fiscal_year", "plan_code"),
        CheckConstraint("covers_from <= covers_until", name="covers"),
        CheckConstraint("covers_from > enrolled_on OR immediate", name="start"),
        Index("ix_insurance_enrolments_year", "fiscal_year", "plan_code"),
    )
