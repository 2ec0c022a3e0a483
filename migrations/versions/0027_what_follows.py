"""Calls after a visit, how needs end, certificates, years of insurance and registration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OLD_KINDS = (
    "called_off", "coming_off", "cancelled", "changed", "confirmed", "coming", "offer",
    "visit_reminder", "offer_reminder", "waitlisted", "not_needed", "report_reminder",
)
KINDS = (*OLD_KINDS, "thanks")


def upgrade() -> None:
    op.create_table('insurance_plans',
    sa.Column('fiscal_year', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('yen', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("code IN ('basic', 'disaster', 'infection')", name=op.f('ck_insurance_plans_code')),
    sa.CheckConstraint('yen > 0', name=op.f('ck_insurance_plans_yen')),
    sa.PrimaryKeyConstraint('fiscal_year', 'code', name=op.f('pk_insurance_plans'))
    )
    op.create_table('certificates',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('visits', sa.BigInteger(), nullable=False),
    sa.Column('minutes', sa.BigInteger(), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.BigInteger(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('to_on >= from_on', name=op.f('ck_certificates_period')),
    sa.CheckConstraint('visits > 0 AND minutes > 0', name=op.f('ck_certificates_figures')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['accounts.id'], name=op.f('fk_certificates_issued_by_id')),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteers.id'], name=op.f('fk_certificates_volunteer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('code', name=op.f('uq_certificates_code'))
    )
    op.create_index(op.f('ix_certificates_volunteer_id'), 'certificates', ['volunteer_id'], unique=False)
    op.create_table('insurance_enrolments',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=False),
    sa.Column('fiscal_year', sa.BigInteger(), nullable=False),
    sa.Column('plan_code', sa.String(), nullable=False),
    sa.Column('enrolled_on', sa.Date(), nullable=False),
    sa.Column('covers_from', sa.Date(), nullable=False),
    sa.Column('covers_until', sa.Date(), nullable=False),
    sa.Column('immediate', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('covers_from <= covers_until', name=op.f('ck_insurance_enrolments_covers')),
    sa.CheckConstraint('covers_from > enrolled_on OR immediate', name=op.f('ck_insurance_enrolments_start')),
    sa.ForeignKeyConstraint(['fiscal_year', 'plan_code'], ['insurance_plans.fiscal_year', 'insurance_plans.code'], name='fk_insurance_enrolments_plan'),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['accounts.id'], name=op.f('fk_insurance_enrolments_recorded_by_id')),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteers.id'], name=op.f('fk_insurance_enrolments_volunteer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_enrolments')),
    sa.UniqueConstraint('volunteer_id', 'fiscal_year', 'plan_code', name=op.f('uq_insurance_enrolments_volunteer_id_fiscal_year_plan_code'))
    )
    op.create_index('ix_insurance_enrolments_year', 'insurance_enrolments', ['fiscal_year', 'plan_code'], unique=False)
    op.create_table('follow_ups',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=False),
    sa.Column('months', sa.BigInteger(), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('resident_content', sa.BigInteger(), nullable=True),
    sa.Column('volunteer_content', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('continue', 'adjust', 'end', 'unreachable')", name=op.f('ck_follow_ups_outcome')),
    sa.CheckConstraint('(done_at IS NULL) = (outcome IS NULL)', name=op.f('ck_follow_ups_done')),
    sa.CheckConstraint('months >= 0', name=op.f('ck_follow_ups_months')),
    sa.CheckConstraint('resident_content BETWEEN 1 AND 5 AND volunteer_content BETWEEN 1 AND 5', name=op.f('ck_follow_ups_content')),
    sa.ForeignKeyConstraint(['done_by_id'], ['accounts.id'], name=op.f('fk_follow_ups_done_by_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_follow_ups_need_id')),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteers.id'], name=op.f('fk_follow_ups_volunteer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_ups')),
    sa.UniqueConstraint('need_id', 'volunteer_id', 'months', name=op.f('uq_follow_ups_need_id_volunteer_id_months'))
    )
    op.create_index('ix_follow_ups_due', 'follow_ups', ['due_on'], unique=False, postgresql_where=sa.text('done_at IS NULL'))
    op.create_index(op.f('ix_follow_ups_volunteer_id'), 'follow_ups', ['volunteer_id'], unique=False)
    op.create_table('need_closures',
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("reason IN ('goal_reached', 'own_wish', 'hospitalised', 'facility', 'moved', 'deceased', 'handed_over', 'no_volunteer', 'other')", name=op.f('ck_need_closures_reason')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['accounts.id'], name=op.f('fk_need_closures_closed_by_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_need_closures_need_id')),
    sa.PrimaryKeyConstraint('need_id', name=op.f('pk_need_closures'))
    )
    op.add_column('volunteer_skills', sa.Column('verified_by_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_volunteer_skills_verified_by_id'), 'volunteer_skills', 'accounts', ['verified_by_id'], ['id'])
    op.add_column('volunteers', sa.Column('insured_from', sa.Date(), nullable=True))
    op.add_column('volunteers', sa.Column('registered_until', sa.Date(), nullable=True))
    _kinds(KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE kind = 'thanks'")
    _kinds(OLD_KINDS)
    op.drop_column('volunteers', 'registered_until')
    op.drop_column('volunteers', 'insured_from')
    op.drop_constraint(op.f('fk_volunteer_skills_verified_by_id'), 'volunteer_skills', type_='foreignkey')
    op.drop_column('volunteer_skills', 'verified_by_id')
    op.drop_table('need_closures')
    op.drop_index(op.f('ix_follow_ups_volunteer_id'), table_name='follow_ups')
    op.drop_index('ix_follow_ups_due', table_name='follow_ups', postgresql_where=sa.text('done_at IS NULL'))
    op.drop_table('follow_ups')
    op.drop_index('ix_insurance_enrolments_year', table_name='insurance_enrolments')
    op.drop_table('insurance_enrolments')
    op.drop_index(op.f('ix_certificates_volunteer_id'), table_name='certificates')
    op.drop_table('certificates')
    op.drop_table('insurance_plans')


def _kinds(kinds):
    op.drop_constraint("ck_messages_kind", "messages")
    listed = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_messages_kind"), "messages", f"kind IN ({listed})")
