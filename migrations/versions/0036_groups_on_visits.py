"""Groups on a visit: several seats for one placement, and the list of who comes along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

COUNT = """
CREATE OR REPLACE FUNCTION count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('UPDATE', 'DELETE') AND OLD.state <> 'cancelled' THEN
    UPDATE need_occurrences SET filled = filled - {old} WHERE id = OLD.occurrence_id;
  END IF;
  IF TG_OP IN ('INSERT', 'UPDATE') AND NEW.state <> 'cancelled' THEN
    UPDATE need_occurrences SET filled = filled + {new} WHERE id = NEW.occurrence_id;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER placements_count_seats ON placements;
CREATE TRIGGER placements_count_seats
  AFTER INSERT OR DELETE OR UPDATE OF state, occurrence_id{also} ON placements
  FOR EACH ROW EXECUTE FUNCTION count_seats();
"""


def upgrade() -> None:
    op.add_column(
        "placements", sa.Column("seats", sa.BigInteger(), server_default="1", nullable=False)
    )
    op.create_check_constraint(op.f("ck_placements_seats"), "placements", "seats >= 1")
    op.execute(COUNT.format(old="OLD.seats", new="NEW.seats", also=", seats"))
    op.create_table(
        "group_visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("placement_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("unnamed", sa.BigInteger(), nullable=False),
        sa.Column("event_cover", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "unnamed >= 0 AND (unnamed = 0 OR event_cover)", name=op.f("ck_group_visits_unnamed")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["volunteer_groups.id"], name=op.f("fk_group_visits_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_group_visits_noted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_group_visits_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_visits")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_group_visits_placement_id")),
    )
    op.create_index(op.f("ix_group_visits_group_id"), "group_visits", ["group_id"])
    op.create_table(
        "group_members",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_visit_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=True),
        sa.Column("enrolled_on", sa.Date(), nullable=True),
        sa.Column("absent", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_group_members_name")),
        sa.ForeignKeyConstraint(
            ["group_visit_id"], ["group_visits.id"], name=op.f("fk_group_members_group_visit_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_group_members_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_group_visit_id"), "group_members", ["group_visit_id"])


def downgrade() -> None:
    op.drop_table("group_members")
    op.drop_table("group_visits")
    op.execute(COUNT.format(old="1", new="1", also=""))
    op.drop_constraint("ck_placements_seats", "placements")
    op.drop_column("placements", "seats")
