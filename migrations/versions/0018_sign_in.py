"""Second factors, letters, known devices, allowances; sessions with an end of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = ("known_devices", "tickets", "passkeys", "recovery_codes", "totp_secrets", "allowances")


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def _account(*, unique: bool = False, index: bool = False) -> sa.Column:
    return sa.Column(
        "account_id",
        sa.BigInteger(),
        sa.ForeignKey("accounts.id"),
        unique=unique,
        nullable=False,
        index=index,
    )


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("whole_at", INSTANT, nullable=False, index=True),
    )
    op.create_table(
        "totp_secrets",
        _id(),
        _account(unique=True),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("secret LIKE 'v1.%'", name=op.f("ck_totp_secrets_secret_sealed")),
    )
    op.create_table(
        "recovery_codes",
        _id(),
        _account(index=True),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("used_at", INSTANT),
    )
    op.create_table(
        "passkeys",
        _id(),
        _account(index=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
    )
    op.create_table(
        "tickets",
        _id(),
        _account(),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False, unique=True),
        sa.Column("code_digest", sa.String(), unique=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), sa.ForeignKey("accounts.id")),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.CheckConstraint("purpose IN ('activation', 'reset')", name=op.f("ck_tickets_purpose")),
    )
    op.create_index(
        "uq_tickets_open",
        "tickets",
        ["account_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "known_devices",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("seen_at", INSTANT, nullable=False),
    )
    op.add_column(
        "accounts", sa.Column("epoch", sa.BigInteger(), server_default="1", nullable=False)
    )
    op.add_column("accounts", sa.Column("factor_since", INSTANT))
    op.execute("DELETE FROM login_sessions")  # everybody signs in once more
    op.add_column("login_sessions", sa.Column("ends_at", INSTANT, nullable=False))
    op.add_column("login_sessions", sa.Column("device", sa.String()))
    op.add_column(
        "login_sessions", sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)
    )
    op.create_unique_constraint("uq_login_sessions_id", "login_sessions", ["id"])


def downgrade() -> None:
    op.drop_constraint("uq_login_sessions_id", "login_sessions")
    for name in ("id", "device", "ends_at"):
        op.drop_column("login_sessions", name)
    op.drop_column("accounts", "factor_since")
    op.drop_column("accounts", "epoch")
    for name in TABLES:
        op.drop_table(name)
