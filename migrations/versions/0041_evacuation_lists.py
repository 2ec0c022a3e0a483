"""The city's list of a disaster: the copy, its sealed lines, who may read it, who did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evacuation_lists',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('handed_by', sa.String(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_by_id', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('purged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('purged_by_id', sa.BigInteger(), nullable=True),
    sa.Column('ending', sa.String(), nullable=True),
    sa.CheckConstraint("basis IN ('disaster', 'consent')", name=op.f('ck_evacuation_lists_basis')),
    sa.CheckConstraint("ending IS NULL OR ending IN ('expired', 'over', 'closed')", name=op.f('ck_evacuation_lists_ending')),
    sa.CheckConstraint("expires_at > received_at AND expires_at <= received_at + interval '30 days'", name=op.f('ck_evacuation_lists_expires')),
    sa.CheckConstraint('(purged_at IS NULL) = (ending IS NULL)', name=op.f('ck_evacuation_lists_purged')),
    sa.CheckConstraint('length(handed_by) BETWEEN 1 AND 100', name=op.f('ck_evacuation_lists_handed_by')),
    sa.CheckConstraint('length(title) BETWEEN 1 AND 100', name=op.f('ck_evacuation_lists_title')),
    sa.ForeignKeyConstraint(['purged_by_id'], ['accounts.id'], name=op.f('fk_evacuation_lists_purged_by_id')),
    sa.ForeignKeyConstraint(['received_by_id'], ['accounts.id'], name=op.f('fk_evacuation_lists_received_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evacuation_lists'))
    )
    op.create_table('evacuation_lines',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('list_id', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.CheckConstraint("body LIKE 'v1.%'", name=op.f('ck_evacuation_lines_body_sealed')),
    sa.ForeignKeyConstraint(['list_id'], ['evacuation_lists.id'], name=op.f('fk_evacuation_lines_list_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evacuation_lines'))
    )
    op.create_index(op.f('ix_evacuation_lines_list_id'), 'evacuation_lines', ['list_id'], unique=False)
    op.create_table('evacuation_readers',
    sa.Column('list_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_evacuation_readers_account_id')),
    sa.ForeignKeyConstraint(['list_id'], ['evacuation_lists.id'], name=op.f('fk_evacuation_readers_list_id')),
    sa.PrimaryKeyConstraint('list_id', 'account_id', name=op.f('pk_evacuation_readers'))
    )
    op.create_table('evacuation_reads',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('list_id', sa.BigInteger(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_by_id', sa.BigInteger(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('shown', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("purpose IN ('safety', 'evacuation', 'shelter')", name=op.f('ck_evacuation_reads_purpose')),
    sa.ForeignKeyConstraint(['list_id'], ['evacuation_lists.id'], name=op.f('fk_evacuation_reads_list_id')),
    sa.ForeignKeyConstraint(['read_by_id'], ['accounts.id'], name=op.f('fk_evacuation_reads_read_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evacuation_reads'))
    )
    op.create_index(op.f('ix_evacuation_reads_list_id'), 'evacuation_reads', ['list_id'], unique=False)


def downgrade() -> None:
    op.drop_table('evacuation_reads')
    op.drop_table('evacuation_readers')
    op.drop_table('evacuation_lines')
    op.drop_table('evacuation_lists')
