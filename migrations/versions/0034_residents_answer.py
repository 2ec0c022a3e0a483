"""Residents are asked by message whether somebody may come."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OLD_KINDS = (
    *("called_off", "coming_off", "cancelled", "changed", "coming_changed", "confirmed"),
    *("coming", "offer", "visit_reminder", "offer_reminder", "waitlisted", "not_needed"),
    *("thanks", "report_reminder"),
)


def upgrade() -> None:
    _kinds((*OLD_KINDS, "may_come"))


def downgrade() -> None:
    of_kind = "SELECT id FROM messages WHERE kind = 'may_come'"
    op.execute(f"DELETE FROM message_attempts WHERE message_id IN ({of_kind})")
    op.execute("DELETE FROM messages WHERE kind = 'may_come'")
    _kinds(OLD_KINDS)


def _kinds(kinds):
    op.drop_constraint("ck_messages_kind", "messages")
    listed = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_messages_kind"), "messages", f"kind IN ({listed})")
