"""Who sits at which desk, and what a desk did with a referral."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_members",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("desk_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_desk_members_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_desk_members")),
    )
    op.create_index(op.f("ix_desk_members_desk_code"), "desk_members", ["desk_code"])
    op.create_table(
        "referral_receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "decided_at IS NULL OR decided_at >= seen_at", name=op.f("ck_referral_receipts_order")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_referral_receipts_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_receipts_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["accounts.id"], name=op.f("fk_referral_receipts_seen_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_receipts")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_receipts_referral_id")),
    )


def downgrade() -> None:
    op.drop_table("referral_receipts")
    op.drop_table("desk_members")
