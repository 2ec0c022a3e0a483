"""Tasks: what somebody at the desk has to do by when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tasks',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_type', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f('ck_tasks_done')),
    sa.CheckConstraint("state IN ('open', 'done')", name=op.f('ck_tasks_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks'))
    )
    op.create_index(op.f('ix_tasks_area_code'), 'tasks', ['area_code'], unique=False)
    op.create_index('ix_tasks_due', 'tasks', ['due_at'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index('uq_tasks_open', 'tasks', ['kind', 'subject_type', 'subject_id'], unique=True, postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    op.drop_index('uq_tasks_open', table_name='tasks', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_tasks_due', table_name='tasks', postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_tasks_area_code'), table_name='tasks')
    op.drop_table('tasks')
