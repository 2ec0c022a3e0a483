"""Disclosures: who saw whose data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


KEEP = """
CREATE FUNCTION refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was disclosed is append only'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def upgrade() -> None:
    op.execute(KEEP)
    op.create_table('disclosures',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('disclosed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('object_type', sa.String(), nullable=False),
    sa.Column('object_id', sa.BigInteger(), nullable=False),
    sa.Column('fields', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.CheckConstraint("stage IN ('L2', 'L3')", name=op.f('ck_disclosures_stage')),
    sa.CheckConstraint('cardinality(fields) > 0', name=op.f('ck_disclosures_fields')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_disclosures_account_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_disclosures_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosures'))
    )
    op.create_index('ix_disclosures_account', 'disclosures', ['account_id', 'disclosed_at'], unique=False)
    op.create_index('ix_disclosures_person', 'disclosures', ['person_id', 'id'], unique=False)
    op.execute(
        "CREATE TRIGGER disclosures_append_only BEFORE UPDATE OR DELETE ON disclosures"
        " FOR EACH ROW EXECUTE FUNCTION refuse_loss()"
    )


def downgrade() -> None:
    op.drop_index('ix_disclosures_person', table_name='disclosures')
    op.drop_index('ix_disclosures_account', table_name='disclosures')
    op.drop_table('disclosures')
    op.execute("DROP FUNCTION refuse_loss()")
