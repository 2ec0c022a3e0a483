"""Why a certificate was taken back, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

REASONS = (
    "revoke_reason IS NULL OR revoke_reason IN ('figures', 'person', 'reissued', 'misused')"
)


def upgrade() -> None:
    op.add_column("certificates", sa.Column("revoke_reason", sa.String(), nullable=True))
    op.add_column("certificates", sa.Column("revoked_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_certificates_revoked_by_id"), "certificates", "accounts", ["revoked_by_id"], ["id"]
    )
    op.create_check_constraint(op.f("ck_certificates_revoke_reason"), "certificates", REASONS)
    op.create_check_constraint(
        op.f("ck_certificates_revoked"),
        "certificates",
        "(revoked_at IS NULL) = (revoke_reason IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_certificates_revoked"), "certificates")
    op.drop_constraint(op.f("ck_certificates_revoke_reason"), "certificates")
    op.drop_constraint(op.f("fk_certificates_revoked_by_id"), "certificates")
    op.drop_column("certificates", "revoked_by_id")
    op.drop_column("certificates", "revoke_reason")
