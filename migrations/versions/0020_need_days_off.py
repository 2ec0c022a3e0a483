"""Days without a visit: exceptions of a series, snow, holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need_days_off",
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("off_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('resident', 'holiday', 'weather', 'centre')",
            name=op.f("ck_need_days_off_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_days_off_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_need_days_off_noted_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("need_id", "off_on", name=op.f("pk_need_days_off")),
    )


def downgrade() -> None:
    op.drop_table("need_days_off")
