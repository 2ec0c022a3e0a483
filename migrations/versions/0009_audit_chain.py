"""Chain the audit trail: a place and a digest for every event, and the head of the chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from matching.kernel.audit import START, follow

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# An event may be given its place once; nothing else of it ever changes.
GUARD = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.place IS NULL AND NEW.place IS NOT NULL
     AND to_jsonb(NEW) - 'place' - 'digest' = to_jsonb(OLD) - 'place' - 'digest' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events are append only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def upgrade() -> None:
    op.add_column("events", sa.Column("place", sa.BigInteger()))
    op.add_column("events", sa.Column("digest", sa.String()))
    op.create_unique_constraint(op.f("uq_events_place"), "events", ["place"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.execute(GUARD)
    _chain()
    op.create_check_constraint(
        op.f("ck_events_chained"), "events", "(place IS NULL) = (digest IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint("ck_events_chained", "events")
    op.drop_table("audit_head")
    op.drop_constraint("uq_events_place", "events")
    op.drop_column("events", "digest")
    op.drop_column("events", "place")
    op.execute(BEFORE)


def _chain() -> None:
    bind, link = op.get_bind(), START
    for row in bind.execute(sa.text("SELECT * FROM events ORDER BY id")).mappings().all():
        link = follow(link, row)
        bind.execute(
            sa.text("UPDATE events SET place = :place, digest = :digest WHERE id = :id"),
            {"place": link.place, "digest": link.digest, "id": row["id"]},
        )
    bind.execute(
        sa.text("INSERT INTO audit_head VALUES (1, :place, :digest)"),
        {"place": link.place, "digest": link.digest},
    )
