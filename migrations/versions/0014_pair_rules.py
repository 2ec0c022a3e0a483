"""Pairs that a coordinator holds for a visit or rules out of the plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STANDING = "released_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "pair_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("start_minutes", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_gate", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('lock', 'forbid')", name=op.f("ck_pair_rules_kind")),
        sa.CheckConstraint(
            "kind = 'forbid' OR (visit_on IS NOT NULL AND start_minutes BETWEEN 0 AND 1439)",
            name=op.f("ck_pair_rules_lock_has_a_visit"),
        ),
        sa.CheckConstraint(
            "kind = 'lock' OR reason <> ''", name=op.f("ck_pair_rules_forbid_has_a_reason")
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL)",
            name=op.f("ck_pair_rules_released"),
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_pair_rules_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_pair_rules_volunteer_id_volunteers")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_pair_rules_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["accounts.id"], name=op.f("fk_pair_rules_released_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_rules")),
    )
    op.create_index("ix_pair_rules_need_id", "pair_rules", ["need_id"])
    op.create_index("ix_pair_rules_volunteer_id", "pair_rules", ["volunteer_id"])
    op.create_index(
        "uq_pair_rules_visit",
        "pair_rules",
        ["need_id", "volunteer_id", "visit_on"],
        unique=True,
        postgresql_where=sa.text(STANDING),
    )
    op.create_index(
        "uq_pair_rules_pair",
        "pair_rules",
        ["need_id", "volunteer_id"],
        unique=True,
        postgresql_where=sa.text(f"{STANDING} AND visit_on IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("pair_rules")
