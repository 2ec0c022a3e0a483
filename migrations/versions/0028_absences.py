"""A door that stays closed: where on the ladder a resident is looked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('absences',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('placement_id', sa.BigInteger(), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.BigInteger(), nullable=True),
    sa.Column('found', sa.String(), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('found_by_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("found IS NULL OR found IN ('well', 'out', 'ill', 'handed_over')", name=op.f('ck_absences_found')),
    sa.CheckConstraint("rung IN ('retry', 'family', 'commissioner', 'welfare', 'police')", name=op.f('ck_absences_rung')),
    sa.CheckConstraint('(found IS NULL) = (found_at IS NULL)', name=op.f('ck_absences_found_at')),
    sa.ForeignKeyConstraint(['found_by_id'], ['accounts.id'], name=op.f('fk_absences_found_by_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_absences_need_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['accounts.id'], name=op.f('fk_absences_opened_by_id')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_absences_placement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences')),
    sa.UniqueConstraint('placement_id', name=op.f('uq_absences_placement_id'))
    )
    op.create_index(op.f('ix_absences_need_id'), 'absences', ['need_id'], unique=False)
    op.create_index('ix_absences_open', 'absences', ['due_at'], unique=False, postgresql_where=sa.text('found IS NULL'))


def downgrade() -> None:
    op.drop_index('ix_absences_open', table_name='absences', postgresql_where=sa.text('found IS NULL'))
    op.drop_index(op.f('ix_absences_need_id'), table_name='absences')
    op.drop_table('absences')
