"""Notices on pages, switches of the mode, and offers to undo one's last act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mode_switches',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('after_id', sa.BigInteger(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('switched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('switched_by_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("mode IN ('peace', 'snow', 'disaster')", name=op.f('ck_mode_switches_mode')),
    sa.ForeignKeyConstraint(['switched_by_id'], ['accounts.id'], name=op.f('fk_mode_switches_switched_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mode_switches')),
    sa.UniqueConstraint('after_id', name=op.f('uq_mode_switches_after_id'))
    )
    op.create_table('notices',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text_ja', sa.String(), nullable=False),
    sa.Column('text_easy', sa.String(), nullable=False),
    sa.Column('text_en', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.BigInteger(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("audience IN ('all', 'volunteers', 'residents', 'commissioners', 'desk')", name=op.f('ck_notices_audience')),
    sa.CheckConstraint('(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)', name=op.f('ck_notices_withdrawn')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_notices_times')),
    sa.ForeignKeyConstraint(['area_code'], ['areas.code'], name=op.f('fk_notices_area_code')),
    sa.ForeignKeyConstraint(['published_by_id'], ['accounts.id'], name=op.f('fk_notices_published_by_id')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['accounts.id'], name=op.f('fk_notices_withdrawn_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    op.create_index('ix_notices_ends_at', 'notices', ['ends_at'], unique=False)
    op.create_table('undos',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_undos'))
    )
    op.create_index(op.f('ix_undos_until_at'), 'undos', ['until_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_undos_until_at'), table_name='undos')
    op.drop_table('undos')
    op.drop_index('ix_notices_ends_at', table_name='notices')
    op.drop_table('notices')
    op.drop_table('mode_switches')
