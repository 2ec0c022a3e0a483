"""Messages about visits that were called off; a visit may begin and end in one instant."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = "'offer', 'confirmed', 'waitlisted', 'not_needed', 'report_reminder'"


def upgrade() -> None:
    _check("messages", "kind", f"kind IN ({KINDS}, 'called_off')")
    _check("activities", "times", "checked_out_at >= checked_in_at")


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE kind = 'called_off'")
    _check("messages", "kind", f"kind IN ({KINDS})")
    _check("activities", "times", "checked_out_at > checked_in_at")


def _check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(f"ck_{table}_{name}", table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
