"""Large plans are made in parts: one row a region, joined when all are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_splits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("regions", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("regions > 0", name=op.f("ck_plan_splits_regions")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["planning_runs.id"], name=op.f("fk_plan_splits_run_id_planning_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_splits")),
    )
    op.create_table(
        "plan_parts",
        sa.Column("split_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["split_id"], ["plan_splits.id"], name=op.f("fk_plan_parts_split_id_plan_splits")
        ),
        sa.PrimaryKeyConstraint("split_id", "number", name=op.f("pk_plan_parts")),
    )


def downgrade() -> None:
    op.drop_table("plan_parts")
    op.drop_table("plan_splits")
