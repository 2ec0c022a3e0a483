"""Referrals to other desks, case conferences, what triage found, and numbered paper forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_conferences',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('attended', sa.String(), nullable=False),
    sa.CheckConstraint("attended LIKE 'v1.%'", name=op.f('ck_case_conferences_attended_sealed')),
    sa.Column('found', sa.String(), nullable=False),
    sa.CheckConstraint("found LIKE 'v1.%'", name=op.f('ck_case_conferences_found_sealed')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_case_conferences_need_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['accounts.id'], name=op.f('fk_case_conferences_recorded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_conferences'))
    )
    op.create_index(op.f('ix_case_conferences_need_id'), 'case_conferences', ['need_id'], unique=False)
    op.create_table('need_assessments',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('risk_level', sa.String(), nullable=False),
    sa.Column('site_check', sa.String(), nullable=False),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('assessed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assessed_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("risk_level IN ('R0', 'R1', 'R2', 'R3', 'R9')", name=op.f('ck_need_assessments_risk_level')),
    sa.CheckConstraint("site_check IN ('none', 'phone', 'visit')", name=op.f('ck_need_assessments_site_check')),
    sa.ForeignKeyConstraint(['assessed_by_id'], ['accounts.id'], name=op.f('fk_need_assessments_assessed_by_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_need_assessments_need_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_assessments')),
    sa.UniqueConstraint('need_id', name=op.f('uq_need_assessments_need_id'))
    )
    op.create_table('paper_forms',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('printed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('need_id', sa.BigInteger(), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(need_id IS NULL) = (returned_at IS NULL)', name=op.f('ck_paper_forms_returned')),
    sa.ForeignKeyConstraint(['area_code'], ['areas.code'], name=op.f('fk_paper_forms_area_code')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_paper_forms_need_id')),
    sa.ForeignKeyConstraint(['printed_by_id'], ['accounts.id'], name=op.f('fk_paper_forms_printed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_forms')),
    sa.UniqueConstraint('need_id', name=op.f('uq_paper_forms_need_id'))
    )
    op.create_table('referrals',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('desk_code', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=True),
    sa.CheckConstraint("answer LIKE 'v1.%'", name=op.f('ck_referrals_answer_sealed')),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_referrals_closed')),
    sa.CheckConstraint("state IN ('drafted', 'consented', 'handed_over', 'accepted', 'returned', 'followed_up', 'closed')", name=op.f('ck_referrals_state')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_referrals_need_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['accounts.id'], name=op.f('fk_referrals_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrals'))
    )
    op.create_index('uq_referrals_open', 'referrals', ['need_id', 'desk_code'], unique=True, postgresql_where=sa.text("state <> 'closed'"))


def downgrade() -> None:
    op.drop_index('uq_referrals_open', table_name='referrals', postgresql_where=sa.text("state <> 'closed'"))
    op.drop_table('referrals')
    op.drop_table('paper_forms')
    op.drop_table('need_assessments')
    op.drop_index(op.f('ix_case_conferences_need_id'), table_name='case_conferences')
    op.drop_table('case_conferences')
