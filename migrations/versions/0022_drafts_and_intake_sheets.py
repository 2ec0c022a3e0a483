"""Forms somebody began to type, and the intake sheet of a need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('drafts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=True),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answers', sa.String(), nullable=False),
    sa.CheckConstraint("answers LIKE 'v1.%'", name=op.f('ck_drafts_answers_sealed')),
    sa.CheckConstraint('(holder IS NULL) <> (account_id IS NULL)', name=op.f('ck_drafts_one_owner')),
    sa.CheckConstraint('length(key) BETWEEN 1 AND 200', name=op.f('ck_drafts_key')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_drafts_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_drafts_kind_key'))
    )
    op.create_index(op.f('ix_drafts_expires_at'), 'drafts', ['expires_at'], unique=False)
    op.create_table('need_sheets',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('caller_relation', sa.String(), nullable=True),
    sa.Column('person_knows', sa.String(), nullable=True),
    sa.Column('consent_basis', sa.String(), nullable=False),
    sa.Column('choices', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('answers', sa.String(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("answers LIKE 'v1.%'", name=op.f('ck_need_sheets_answers_sealed')),
    sa.CheckConstraint("consent_basis IN ('self', 'person_said', 'representative', 'not_yet')", name=op.f('ck_need_sheets_consent_basis')),
    sa.CheckConstraint("person_knows IN ('yes', 'no', 'unknown')", name=op.f('ck_need_sheets_person_knows')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_need_sheets_need_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_sheets')),
    sa.UniqueConstraint('need_id', name=op.f('uq_need_sheets_need_id'))
    )


def downgrade() -> None:
    op.drop_table('need_sheets')
    op.drop_index(op.f('ix_drafts_expires_at'), table_name='drafts')
    op.drop_table('drafts')
