"""A resident is told that the time of a visit changed."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEFORE = ('called_off', 'coming_off', 'cancelled', 'changed', 'confirmed', 'coming', 'offer', 'visit_reminder', 'offer_reminder', 'waitlisted', 'not_needed', 'thanks', 'report_reminder')
AFTER = ('called_off', 'coming_off', 'cancelled', 'changed', 'coming_changed', 'confirmed', 'coming', 'offer', 'visit_reminder', 'offer_reminder', 'waitlisted', 'not_needed', 'thanks', 'report_reminder')


def _kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint("ck_messages_kind", "messages")
    listed = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_messages_kind"), "messages", f"kind IN ({listed})")


def upgrade() -> None:
    _kinds(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE kind = 'coming_changed'")
    _kinds(BEFORE)
