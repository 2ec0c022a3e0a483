"""Tables of the score's weights: versions that two people made live, and replays under them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.people.models import Account

WEIGHT_STATES = ("draft", "proposed", "live", "retired", "withdrawn")
REPLAY_STATES = ("running", "done")


class WeightVersion(Identified, Versioned, Base):
    """Weights under a name that runs and proposals keep; exactly one version is live.

    Only the first, which came with the service, has no version before it and needs no two
    people; every other one is proposed by one and approved by another.
    """

    __tablename__ = "weight_versions"
    name: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="draft")
    points: Mapped[dict[str, int]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(default="", server_default="")
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("weight_versions.id"))
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    drafted_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    live_from: Mapped[datetime | None]
    live_until: Mapped[datetime | None]
    drafted_by: Mapped[Account | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[drafted_by_id]
    )
    proposed_by: Mapped[Account | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[proposed_by_id]
    )
    approved_by: Mapped[Account | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[approved_by_id]
    )
    __table_args__ = (
        CheckConstraint(one_of("state", WEIGHT_STATES), name="state"),
        CheckConstraint("based_on_id IS NOT NULL OR name = '2026-11'", name="first"),
        CheckConstraint(
            "state NOT IN ('live', 'retired') OR based_on_id IS NULL"
            " OR coalesce(proposed_by_id <> approved_by_id, false)",
            name="two_people",
        ),
        CheckConstraint(
            "(state IN ('live', 'retired')) = (live_from IS NOT NULL)"
            " AND (state = 'retired') = (live_until IS NOT NULL)",
            name="validity",
        ),
        Index(
            "uq_weight_versions_live", "state", unique=True, postgresql_where=text("state = 'live'")
        ),
    )


class WeightReplay(Identified, Base):
    """Past decisions ranked again under other weights; `lines` grow while it runs."""

    __tablename__ = "weight_replays"
    version_id: Mapped[int] = mapped_column(ForeignKey("weight_versions.id"), index=True)
    baseline_id: Mapped[int] = mapped_column(ForeignKey("weight_versions.id"))
    state: Mapped[str] = mapped_column(default="running")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    decisions: Mapped[list[int]] = mapped_column(JSONB)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    __table_args__ = (
        CheckConstraint(one_of("state", REPLAY_STATES), name="state"),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="finished"),
    )
