"""Tables of volunteers and groups: what they offer, when, and within which limits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.kernel.sealing import email_index, phone_index
from matching.people.models import Person
from matching.volunteers.rules import STATES


class VolunteerGroup(SealedRow, Identified, Versioned, Base):
    """A volunteer group, NPO, neighbourhood association or company that helps together."""

    __tablename__ = "volunteer_groups"
    reference: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_kana: Mapped[str | None]
    name_key: Mapped[str] = mapped_column(index=True)
    representative: Mapped[str | None]
    phone = Sealed[str | None](index=phone_index)
    email = Sealed[str | None](index=email_index)
    postal_code: Mapped[str | None]
    address = Sealed[str | None]()
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    district: Mapped[str | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    activities: Mapped[str | None]
    activity_area: Mapped[str | None]
    member_count: Mapped[int | None]
    founded_on: Mapped[date | None]
    meeting: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    note = Sealed[str | None]()
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("state IN ('active', 'paused', 'withdrawn')", name="state"),
        CheckConstraint("member_count >= 0", name="member_count"),
    )


class Volunteer(SealedRow, Identified, Versioned, Base):
    """A person's registration as volunteer; missing availability never means always."""

    __tablename__ = "volunteers"
    key_owner = "person_id"
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer_groups.id"), index=True)
    state: Mapped[str] = mapped_column(default="applicant")
    occupation: Mapped[str | None]
    transport: Mapped[str | None]
    max_distance_km: Mapped[float | None] = mapped_column(Numeric(7, 2, asdecimal=False))
    max_hours_per_month: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    max_visits_per_week: Mapped[int | None]
    notice_days: Mapped[int] = mapped_column(default=0, server_default="0")
    guardian_consent_until: Mapped[date | None]
    insured_from: Mapped[date | None]
    insured_until: Mapped[date | None]
    registered_until: Mapped[date | None]
    registered_on: Mapped[date]
    last_active_on: Mapped[date | None]
    group_reference: Mapped[str | None]
    note = Sealed[str | None]()
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("max_distance_km >= 0", name="max_distance_km"),
        CheckConstraint("max_hours_per_month >= 0", name="max_hours_per_month"),
        CheckConstraint("max_visits_per_week >= 0", name="max_visits_per_week"),
        CheckConstraint("notice_days BETWEEN 0 AND 366", name="notice_days"),
        CheckConstraint(
            "transport IN ('car', 'light_truck', 'bicycle', 'walk', 'bus')", name="transport"
        ),
    )


class VolunteerSkill(Base):
    """A skill that a volunteer names; qualifications count while verified and unexpired (BR-11)."""

    __tablename__ = "volunteer_skills"
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    skill_code: Mapped[str] = mapped_column(ForeignKey("skills.code"), primary_key=True)
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    valid_until: Mapped[date | None]


class VolunteerCategory(Base):
    """A kind of help that a volunteer wants to give."""

    __tablename__ = "volunteer_categories"
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"), primary_key=True)


class AvailabilitySlot(Base):
    """Weekly time a volunteer has: weekday 0 (Monday) to 6, minutes past midnight."""

    __tablename__ = "availability_slots"
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    starts_minute: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    ends_minute: Mapped[int] = mapped_column(SmallInteger)
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440",
            name="interval",
        ),
    )


class DayOff(Base):
    """A date on which a volunteer is not available, whatever the week says."""

    __tablename__ = "days_off"
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    off_on: Mapped[date] = mapped_column(primary_key=True)
