"""Weights of the score as versions, and replays of past decisions under them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FIRST = {
    "availability": 200,
    "distance": 200,
    "interest_skill": 150,
    "continuity": 150,
    "fairness": 120,
    "reporting": 30,
    "shared": 50,
    "wishes": 50,
    "newcomer": 50,
}
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def _account(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey("accounts.id"), nullable=True)


def upgrade() -> None:
    versions = op.create_table(
        "weight_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("points", JSONB(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("based_on_id", sa.BigInteger(), sa.ForeignKey("weight_versions.id")),
        _account("drafted_by_id"),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        _account("proposed_by_id"),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        _account("approved_by_id"),
        sa.Column("live_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'live', 'retired', 'withdrawn')",
            name=op.f("ck_weight_versions_state"),
        ),
        sa.CheckConstraint(
            "based_on_id IS NOT NULL OR name = '2026-11'", name=op.f("ck_weight_versions_first")
        ),
        sa.CheckConstraint(
            "state NOT IN ('live', 'retired') OR based_on_id IS NULL"
            " OR coalesce(proposed_by_id <> approved_by_id, false)",
            name=op.f("ck_weight_versions_two_people"),
        ),
        sa.CheckConstraint(
            "(state IN ('live', 'retired')) = (live_from IS NOT NULL)"
            " AND (state = 'retired') = (live_until IS NOT NULL)",
            name=op.f("ck_weight_versions_validity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_versions")),
        sa.UniqueConstraint("name", name=op.f("uq_weight_versions_name")),
    )
    op.create_index(
        "uq_weight_versions_live",
        "weight_versions",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'live'"),
    )
    op.bulk_insert(
        versions,
        [
            {
                "name": "2026-11",
                "state": "live",
                "points": FIRST,
                "drafted_at": SINCE,
                "live_from": SINCE,
            }
        ],
    )
    op.create_table(
        "weight_replays",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger(), sa.ForeignKey("weight_versions.id"), nullable=False
        ),
        sa.Column(
            "baseline_id", sa.BigInteger(), sa.ForeignKey("weight_versions.id"), nullable=False
        ),
        sa.Column("state", sa.String(), nullable=False),
        _account("asked_by_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decisions", JSONB(), nullable=False),
        sa.Column("lines", JSONB(), server_default="[]", nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'done')", name=op.f("ck_weight_replays_state")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_weight_replays_finished")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_replays")),
    )
    op.create_index(op.f("ix_weight_replays_version_id"), "weight_replays", ["version_id"])


def downgrade() -> None:
    op.drop_table("weight_replays")
    op.drop_table("weight_versions")
