"""Messages leave by gateways: attempts, addresses that failed, gateways left alone, priorities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OLD_KINDS = ("offer", "confirmed", "waitlisted", "not_needed", "report_reminder", "called_off")
KINDS = (
    "called_off", "coming_off", "cancelled", "changed", "confirmed", "coming", "offer",
    "visit_reminder", "offer_reminder", "waitlisted", "not_needed", "report_reminder",
)
CHANNELS = ("web", "mail", "line", "sms", "letter", "phone")
GATEWAYS = ("mail", "line", "sms")
OUTCOMES = ("begun", "sent", "later", "refused", "away", "bounced", "delivered", "by_hand")
OLD_STATES = ("waiting", "sent", "failed", "dropped")
STATES = ("waiting", "sent", "bounced", "parked", "dropped")


def one_of(column, values):
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.add_column(
        "outbox_jobs", sa.Column("priority", sa.SmallInteger(), server_default="4", nullable=False)
    )
    _new_columns()
    op.execute("UPDATE messages SET ref = gen_random_uuid()::text")
    op.execute("UPDATE messages SET valid_until = due_at + interval '7 days' WHERE valid_until IS NULL")
    op.execute("UPDATE messages SET state = 'parked' WHERE state = 'failed'")
    op.alter_column("messages", "ref", nullable=False)
    op.alter_column("messages", "valid_until", nullable=False)
    op.create_unique_constraint(op.f("uq_messages_ref"), "messages", ["ref"])
    _check("messages", "kind", one_of("kind", KINDS))
    _check("messages", "sent", "(state IN ('sent', 'bounced')) = (sent_at IS NOT NULL)")
    op.create_check_constraint(
        op.f("ck_messages_handled_by"), "messages",
        "handled_by_id IS NULL OR channel IN ('letter', 'phone')",
    )
    _new_tables()


def _new_columns() -> None:
    op.drop_constraint("ck_messages_state", "messages")
    for column in (
        sa.Column("ref", sa.String(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_ref", sa.String(), nullable=True),
    ):
        op.add_column("messages", column)
    op.create_foreign_key(
        op.f("fk_messages_handled_by_id"), "messages", "accounts", ["handled_by_id"], ["id"]
    )
    op.create_index(op.f("ix_messages_provider_ref"), "messages", ["provider_ref"])
    op.create_index("ix_messages_proposal", "messages", ["proposal_id"])
    op.create_index("ix_messages_placement", "messages", ["placement_id"])
    op.create_index(
        "ix_messages_open", "messages", ["due_at"], postgresql_where=sa.text("state = 'waiting'")
    )


def _new_tables() -> None:
    op.create_check_constraint(op.f("ck_messages_state"), "messages", one_of("state", STATES))
    op.create_table(
        "message_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("channel", CHANNELS), name=op.f("ck_message_attempts_channel")),
        sa.CheckConstraint(one_of("outcome", OUTCOMES), name=op.f("ck_message_attempts_outcome")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_attempts_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempts")),
    )
    op.create_index(op.f("ix_message_attempts_message_id"), "message_attempts", ["message_id"])
    op.create_table(
        "bad_addresses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(one_of("channel", GATEWAYS), name=op.f("ck_bad_addresses_channel")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_bad_addresses_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bad_addresses")),
    )
    op.create_index(
        "uq_bad_addresses_mark", "bad_addresses", ["person_id", "channel", "mark"],
        unique=True, postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "gateway_pauses",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("times", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("channel", GATEWAYS), name=op.f("ck_gateway_pauses_channel")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_gateway_pauses")),
    )


def downgrade() -> None:
    for table in ("gateway_pauses", "bad_addresses", "message_attempts"):
        op.drop_table(table)
    op.execute(f"DELETE FROM messages WHERE NOT ({one_of('kind', OLD_KINDS)})")
    op.drop_constraint("ck_messages_sent", "messages")
    op.execute("UPDATE messages SET sent_at = NULL WHERE state = 'bounced'")
    op.drop_constraint("ck_messages_state", "messages")
    op.execute("UPDATE messages SET state = 'failed' WHERE state IN ('bounced', 'parked')")
    op.create_check_constraint(op.f("ck_messages_state"), "messages", one_of("state", OLD_STATES))
    op.create_check_constraint(
        op.f("ck_messages_sent"), "messages", "(state = 'sent') = (sent_at IS NOT NULL)"
    )
    _check("messages", "kind", one_of("kind", OLD_KINDS))
    op.alter_column("messages", "valid_until", nullable=True)
    for index in ("open", "proposal", "placement", "provider_ref"):
        op.drop_index(f"ix_messages_{index}", table_name="messages")
    for column in ("provider_ref", "handled_by_id", "delivered_at", "attempts", "ref"):
        op.drop_column("messages", column)
    op.drop_column("outbox_jobs", "priority")


def _check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(f"ck_{table}_{name}", table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
