"""Visits that volunteers pass on to each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trades",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("placement_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taker_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'taken', 'settled', 'refused', 'withdrawn')",
            name=op.f("ck_trades_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('taken', 'settled', 'refused') OR taker_id IS NOT NULL",
            name=op.f("ck_trades_taker"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_trades_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_trades_placement_id")
        ),
        sa.ForeignKeyConstraint(["taker_id"], ["volunteers.id"], name=op.f("fk_trades_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trades")),
    )
    op.create_index(op.f("ix_trades_taker_id"), "trades", ["taker_id"])
    op.create_index(
        "uq_trades_open",
        "trades",
        ["placement_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('offered', 'taken')"),
    )


def downgrade() -> None:
    op.drop_index("uq_trades_open", table_name="trades")
    op.drop_index(op.f("ix_trades_taker_id"), table_name="trades")
    op.drop_table("trades")
