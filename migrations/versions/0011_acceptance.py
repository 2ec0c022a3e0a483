"""What was learned from answers, and the chance of a yes told with each proposal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptance_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("learned", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.BigInteger(), nullable=False),
        sa.Column("yeses", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("coefficients", JSONB(), nullable=False),
        sa.Column("calibration", JSONB(), nullable=False),
        sa.Column("reply_hours", JSONB(), nullable=False),
        sa.CheckConstraint(
            "0 <= yeses AND yeses <= answers AND people <= answers",
            name=op.f("ck_acceptance_versions_counts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_versions")),
    )
    op.create_table(
        "proposal_chances",
        sa.Column("proposal_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=True),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "0 <= low AND low <= p AND p <= high AND high <= 1",
            name=op.f("ck_proposal_chances_interval"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_proposal_chances_proposal_id_proposals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["acceptance_versions.id"],
            name=op.f("fk_proposal_chances_version_id_acceptance_versions"),
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_chances")),
    )


def downgrade() -> None:
    op.drop_table("proposal_chances")
    op.drop_table("acceptance_versions")
