"""Tables around the plan: what coordinators hold or rule out, and what each run changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.models import Need, requester_of
from matching.volunteers.models import Volunteer

PAIR_KINDS = ("lock", "forbid")
CHANGE_WAYS = ("came", "left")
HALVES = ("am", "pm")
STANDING = "released_at IS NULL"


class PairRule(SealedRow, Identified, Versioned, Base):
    """A coordinator's word on one pair: held for a visit, or not to be planned.

    It stands until somebody releases it. `lapsed_gate` is the gate that the newest run met
    where a held pair can no longer come together; such a lock is kept but not planned.
    """

    __tablename__ = "pair_rules"
    key_owner = requester_of
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    kind: Mapped[str]
    visit_on: Mapped[date | None]
    start_minutes: Mapped[int | None]
    reason = Sealed[str | None](limit=1000)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    released_at: Mapped[datetime | None]
    lapsed_gate: Mapped[str | None]
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    volunteer: Mapped[Volunteer] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("kind", PAIR_KINDS), name="kind"),
        CheckConstraint(
            "kind = 'forbid' OR (visit_on IS NOT NULL AND start_minutes BETWEEN 0 AND 1439)",
            name="lock_has_a_visit",
        ),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released"),
        Index(
            "uq_pair_rules_visit",
            "need_id",
            "volunteer_id",
            "visit_on",
            unique=True,
            postgresql_where=text(STANDING),
        ),
        Index(
            "uq_pair_rules_pair",
            "need_id",
            "volunteer_id",
            unique=True,
            postgresql_where=text(f"{STANDING} AND visit_on IS NULL"),
        ),
    )


class PlanChange(Base):
    """One seat that a run gave to somebody or took from somebody, and why."""

    __tablename__ = "plan_changes"
    run_id: Mapped[int] = mapped_column(ForeignKey("planning_runs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    way: Mapped[str]
    visit_on: Mapped[date]
    start_minutes: Mapped[int]
    reason: Mapped[str]
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    volunteer: Mapped[Volunteer] = relationship(lazy="raise_on_sql")
    __table_args__ = (CheckConstraint(one_of("way", CHANGE_WAYS), name="way"),)


class PlanOpener(Base):
    """One more person of a kind, and the seats that a run would then fill (tried, not guessed)."""

    __tablename__ = "plan_openers"
    run_id: Mapped[int] = mapped_column(ForeignKey("planning_runs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    weekday: Mapped[int]
    half: Mapped[str]
    car: Mapped[bool]
    skill_code: Mapped[str | None]
    seats: Mapped[int]
    needs: Mapped[int]
    __table_args__ = (
        CheckConstraint(one_of("half", HALVES), name="half"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("seats > 0", name="seats"),
    )


class PlanProgress(Base):
    """How far the run under way has come; told outside its transaction."""

    __tablename__ = "plan_progress"
    name: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str]
    share: Mapped[float]
    began_at: Mapped[datetime]
    told_at: Mapped[datetime]


class PlanSplit(Identified, Base):
    """A large plan on its way, made in regions; `run_id` is the run that joined them.

    `digest` names the values that it was cut from: a region solved from others cannot be joined.
    """

    __tablename__ = "plan_splits"
    asked_at: Mapped[datetime]
    digest: Mapped[str]
    regions: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("planning_runs.id"))
    __table_args__ = (CheckConstraint("regions > 0", name="regions"),)


class PlanPart(Base):
    """What one region found; empty until its job is done."""

    __tablename__ = "plan_parts"
    split_id: Mapped[int] = mapped_column(ForeignKey("plan_splits.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
