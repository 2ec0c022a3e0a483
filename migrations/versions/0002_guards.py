"""What must never happen, refused by the database: seats counted by it, audit rows that stay."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEATS = """
CREATE FUNCTION count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('UPDATE', 'DELETE') AND OLD.state <> 'cancelled' THEN
    UPDATE need_occurrences SET filled = filled - 1 WHERE id = OLD.occurrence_id;
  END IF;
  IF TG_OP IN ('INSERT', 'UPDATE') AND NEW.state <> 'cancelled' THEN
    UPDATE need_occurrences SET filled = filled + 1 WHERE id = NEW.occurrence_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER placements_count_seats
  AFTER INSERT OR DELETE OR UPDATE OF state, occurrence_id ON placements
  FOR EACH ROW EXECUTE FUNCTION count_seats();
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_append_only
  BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_not_truncated
  BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER events_not_truncated ON events;
DROP TRIGGER events_append_only ON events;
DROP FUNCTION refuse_change();
DROP TRIGGER placements_count_seats ON placements;
DROP FUNCTION count_seats();
DROP SEQUENCE need_references;
DROP SEQUENCE volunteer_references;
DROP SEQUENCE group_references;
DROP SEQUENCE commissioner_references;
"""


def upgrade() -> None:
    op.execute(SEATS)
    op.execute(APPEND_ONLY)
    for name in ("need", "volunteer", "group", "commissioner"):
        op.execute(f"CREATE SEQUENCE {name}_references")


def downgrade() -> None:
    op.execute(UNDO)
