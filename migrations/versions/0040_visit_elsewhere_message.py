"""A resident is told that the place of a visit changed."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

OLD_KINDS = (
    *("called_off", "coming_off", "cancelled", "changed", "coming_changed", "confirmed"),
    *("coming", "may_come", "offer", "visit_reminder", "offer_reminder", "waitlisted"),
    *("not_needed", "thanks", "report_reminder"),
)


def upgrade() -> None:
    _kinds((*OLD_KINDS, "coming_elsewhere"))


def downgrade() -> None:
    of_kind = "SELECT id FROM messages WHERE kind = 'coming_elsewhere'"
    op.execute(f"DELETE FROM message_attempts WHERE message_id IN ({of_kind})")
    op.execute("DELETE FROM messages WHERE kind = 'coming_elsewhere'")
    _kinds(OLD_KINDS)


def _kinds(kinds):
    op.drop_constraint("ck_messages_kind", "messages")
    listed = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_messages_kind"), "messages", f"kind IN ({listed})")
