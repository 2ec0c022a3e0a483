"""Friends on LINE, codes that link them, events of gateways already heard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hook_events",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_hook_events")),
    )
    op.create_index(op.f("ix_hook_events_received_at"), "hook_events", ["received_at"])
    op.create_table(
        "line_codes",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_line_codes_person_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_line_codes")),
    )
    op.create_index(op.f("ix_line_codes_person_id"), "line_codes", ["person_id"])
    op.create_table(
        "line_friends",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("user_id_index", sa.String(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unfollowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) = (linked_at IS NULL)", name=op.f("ck_line_friends_linked")
        ),
        sa.CheckConstraint("user_id LIKE 'v1.%'", name=op.f("ck_line_friends_user_id_sealed")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_line_friends_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_friends")),
        sa.UniqueConstraint("person_id", name=op.f("uq_line_friends_person_id")),
    )
    op.create_index("uq_line_friends_user", "line_friends", ["user_id_index"], unique=True)
    op.create_index(op.f("ix_line_friends_user_id_index"), "line_friends", ["user_id_index"])


def downgrade() -> None:
    for table in ("line_friends", "line_codes", "hook_events"):
        op.drop_table(table)
