"""Who speaks for a group, and whether all on a list agreed to be named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_agents",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_group_agents_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["volunteer_groups.id"], name=op.f("fk_group_agents_group_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_group_agents")),
    )
    op.create_index(op.f("ix_group_agents_group_id"), "group_agents", ["group_id"])
    op.add_column(
        "group_visits", sa.Column("agreed", sa.Boolean(), server_default="false", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("group_visits", "agreed")
    op.drop_table("group_agents")
