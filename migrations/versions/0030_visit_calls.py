"""Calls that a visit's alarms made: how far along its ladder each one is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("placement_id", sa.BigInteger(), nullable=False),
        sa.Column("alarm", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "alarm IN ('not_started', 'not_returned')", name=op.f("ck_visit_calls_alarm")
        ),
        sa.CheckConstraint(
            "result IN ('no_answer', 'later')", name=op.f("ck_visit_calls_result")
        ),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["accounts.id"], name=op.f("fk_visit_calls_called_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_visit_calls_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_calls")),
    )
    op.create_index(
        op.f("ix_visit_calls_placement_id"), "visit_calls", ["placement_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_visit_calls_placement_id"), table_name="visit_calls")
    op.drop_table("visit_calls")
