"""Tables where needs and volunteers meet: planning runs, proposals, placements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.coordination.rules import (
    CHANNELS,
    DECLINE_REASONS,
    OPEN_PROPOSALS,
    PLACEMENT_STATES,
    PROPOSAL_STATES,
    RUN_KINDS,
    RUN_STATES,
)
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.models import Need, NeedOccurrence, requester_of
from matching.volunteers.models import Volunteer


class PlanningRun(Identified, Base):
    """One run of the planner over all needs that wait, with what it proved.

    A full run plans afresh; a repair mends the plan of `previous_id` around what changed, and
    writes only the needs for which something is different now.
    `counts` holds needs, visits, seats, pairs and what was placed; `objective`, `bound` are the
    planner's own integers as text, for they pass 64 bits.
    """

    __tablename__ = "planning_runs"
    state: Mapped[str] = mapped_column(default="running")
    kind: Mapped[str] = mapped_column(default="full", server_default="full")
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("planning_runs.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    planned_on: Mapped[date]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    objective: Mapped[str | None]
    bound: Mapped[str | None]
    gap: Mapped[float | None]
    seconds: Mapped[float | None]
    method: Mapped[str | None]
    engine_version: Mapped[str | None]
    weights_version: Mapped[str | None]
    failure: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(one_of("state", RUN_STATES), name="state"),
        CheckConstraint(one_of("kind", RUN_KINDS), name="kind"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed"),
        CheckConstraint("state <> 'done' OR objective IS NOT NULL", name="done"),
    )


class NeedOutcome(Base):
    """What a run found for one need: who is shut out by which gate, what stays unplaced.

    `visits` counts those within the planner's horizon; with none there is nothing to fill yet.
    `digest` tells whether a later run found the same.
    """

    __tablename__ = "need_outcomes"
    run_id: Mapped[int] = mapped_column(ForeignKey("planning_runs.id"), primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), primary_key=True, index=True)
    visits: Mapped[int]
    eligible_count: Mapped[int]
    excluded: Mapped[dict[str, int]] = mapped_column(JSONB)
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    need_version: Mapped[int]
    digest: Mapped[str] = mapped_column(default="", server_default="")


class Proposal(Identified, Versioned, Base):
    """A volunteer suggested for a need, with the explanation a coordinator must defend (BR-39).

    `factors` sum to `score`; `slots` are the visits this person could do, the planned ones
    marked; `snapshot` names the versions of the rows that were read.
    """

    __tablename__ = "proposals"
    reference: Mapped[str | None] = mapped_column(unique=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("planning_runs.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id"))
    need_reference: Mapped[str | None]
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    state: Mapped[str] = mapped_column(default="suggested")
    rank: Mapped[int | None]
    score: Mapped[int | None]
    factors: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    km: Mapped[float | None]
    travel_minutes: Mapped[int | None]
    planned: Mapped[bool] = mapped_column(default=False)
    slots: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    uncertain: Mapped[list[str]] = mapped_column(JSONB, default=list)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    proposed_at: Mapped[datetime]
    responded_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    visit_on: Mapped[date | None]
    visit_minutes: Mapped[int | None]
    offered_at: Mapped[datetime | None]
    offer_channel: Mapped[str | None]
    offered_visits: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default="[]"
    )
    expires_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    outcome: Mapped[str | None]
    volunteer: Mapped[Volunteer] = relationship(lazy="raise_on_sql")
    need: Mapped[Need | None] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("state", PROPOSAL_STATES), name="state"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
        CheckConstraint(
            "state IN ('suggested', 'superseded') OR run_id IS NULL OR decided_by_id IS NOT NULL",
            name="named_coordinator",
        ),
        CheckConstraint("(run_id IS NULL) OR (need_id IS NOT NULL)", name="need"),
        Index(
            "uq_proposals_open",
            "need_id",
            "volunteer_id",
            unique=True,
            postgresql_where=text(one_of("state", OPEN_PROPOSALS)),
        ),
        CheckConstraint(
            f"offer_channel IS NULL OR {one_of('offer_channel', CHANNELS)}", name="channel"
        ),
        CheckConstraint(
            f"decline_reason IS NULL OR {one_of('decline_reason', DECLINE_REASONS)}",
            name="decline_reason",
        ),
        CheckConstraint(
            "(offered_at IS NULL) = (expires_at IS NULL)"
            " AND (offered_at IS NULL) = (offer_channel IS NULL)",
            name="offer",
        ),
        Index(
            "ix_proposals_expires_at",
            "expires_at",
            postgresql_where=text("state = 'contacted'"),
        ),
        Index("ix_proposals_need", "need_id", "state", "rank"),
        Index("ix_proposals_volunteer", "volunteer_id", "proposed_at"),
    )


class Placement(SealedRow, Identified, Versioned, Base):
    """A volunteer placed on one visit by a named coordinator.

    `held` keeps seat and time while the resident is asked to agree to the person; it discloses
    nothing yet.
    `busy` is the visit and the least time of any journey after it; two of one volunteer cannot
    overlap, whoever confirms first (BR-20). `seats` are more than one where a group comes along.
    """

    __tablename__ = "placements"
    key_owner = requester_of
    occurrence_id: Mapped[int] = mapped_column(index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    state: Mapped[str] = mapped_column(default="held")
    seats: Mapped[int] = mapped_column(default=1, server_default="1")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    busy: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    cancelled_at: Mapped[datetime | None]
    cancel_reason = Sealed[str | None](limit=200)
    occurrence: Mapped[NeedOccurrence] = relationship(lazy="raise_on_sql", viewonly=True)
    need: Mapped[Need] = relationship(lazy="raise_on_sql", foreign_keys=[need_id])
    volunteer: Mapped[Volunteer] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("state", PLACEMENT_STATES), name="state"),
        CheckConstraint("ends_at > starts_at", name="interval"),
        CheckConstraint("seats >= 1", name="seats"),
        CheckConstraint(
            "lower(busy) = starts_at AND upper(busy) >= ends_at + interval '5 minutes'",
            name="busy",
        ),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL AND cancelled_by_id IS NOT NULL)",
            name="cancelled",
        ),
        CheckConstraint(
            "CASE state WHEN 'held' THEN confirmed_at IS NULL"
            " WHEN 'cancelled' THEN true ELSE confirmed_at IS NOT NULL END",
            name="confirmed",
        ),
        ExcludeConstraint(
            ("volunteer_id", "="),
            ("busy", "&&"),
            where=text("state <> 'cancelled'"),
            using="gist",
            name="ex_placements_double_booking",
        ),
        Index(
            "uq_placements_seat",
            "occurrence_id",
            "volunteer_id",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
        ForeignKeyConstraint(
            ["occurrence_id", "need_id", "starts_at", "ends_at"],
            [
                "need_occurrences.id",
                "need_occurrences.need_id",
                "need_occurrences.starts_at",
                "need_occurrences.ends_at",
            ],
            name="fk_placements_visit",
        ),
        Index("ix_placements_volunteer", "volunteer_id", "starts_at"),
    )
