"""Tables of reference data that the centre edits: categories and skills with their validity."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base


class Category(Base):
    """A kind of help with the rules that go with it (risk, minors, persons, place)."""

    __tablename__ = "categories"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    label_easy: Mapped[str]
    label_en: Mapped[str]
    description: Mapped[str]
    icon: Mapped[str]
    risk_level: Mapped[str]
    minors: Mapped[str]
    min_persons: Mapped[int]
    typical_minutes: Mapped[int]
    place: Mapped[str]
    remote: Mapped[bool]
    referral_code: Mapped[str | None]
    position: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("risk_level IN ('R0', 'R1', 'R2', 'R3', 'R9')", name="risk_level"),
        CheckConstraint("minors IN ('none', 'H', 'J', 'E')", name="minors"),
        CheckConstraint("min_persons >= 1", name="min_persons"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )


class Skill(Base):
    """A skill or qualification; `verify` ones count only while proof is on file."""

    __tablename__ = "skills"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    verify: Mapped[bool]
    position: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )
