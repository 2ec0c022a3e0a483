"""Accidents, complaints, what a visit costs; the first amounts are for the centre to change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('expense_terms',
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('yen_per_km', sa.BigInteger(), nullable=False),
    sa.Column('most_yen', sa.BigInteger(), nullable=False),
    sa.Column('most_cash_yen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('yen_per_km >= 0 AND most_yen > 0 AND most_cash_yen > 0', name=op.f('ck_expense_terms_amounts')),
    sa.PrimaryKeyConstraint('valid_from', name=op.f('pk_expense_terms'))
    )
    op.create_table('complaints',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.BigInteger(), nullable=True),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_complaints_closed')),
    sa.CheckConstraint("(state = 'closed') = (due_at IS NULL)", name=op.f('ck_complaints_due')),
    sa.CheckConstraint("kind IN ('complaint_from_requester', 'complaint_from_volunteer', 'complaint_from_family', 'complaint_from_neighbour')", name=op.f('ck_complaints_kind')),
    sa.CheckConstraint("state IN ('received', 'checked', 'explained', 'improved', 'closed')", name=op.f('ck_complaints_state')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_complaints_need_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['accounts.id'], name=op.f('fk_complaints_opened_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['accounts.id'], name=op.f('fk_complaints_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaints'))
    )
    op.create_index(op.f('ix_complaints_need_id'), 'complaints', ['need_id'], unique=False)
    op.create_table('cash_entries',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('placement_id', sa.BigInteger(), nullable=False),
    sa.Column('taken_yen', sa.BigInteger(), nullable=False),
    sa.Column('spent_yen', sa.BigInteger(), nullable=False),
    sa.Column('returned_yen', sa.BigInteger(), nullable=False),
    sa.Column('receipt', sa.Boolean(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('receipt OR spent_yen = 0', name=op.f('ck_cash_entries_receipt')),
    sa.CheckConstraint('taken_yen > 0 AND spent_yen >= 0 AND returned_yen >= 0 AND taken_yen = spent_yen + returned_yen', name=op.f('ck_cash_entries_balance')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_cash_entries_placement_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['accounts.id'], name=op.f('fk_cash_entries_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_entries')),
    sa.UniqueConstraint('placement_id', name=op.f('uq_cash_entries_placement_id'))
    )
    op.create_table('expense_claims',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('placement_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('km', sa.Double(), nullable=True),
    sa.Column('yen', sa.BigInteger(), nullable=False),
    sa.Column('receipt', sa.Boolean(), nullable=False),
    sa.Column('payer', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(kind = 'fuel') = (km IS NOT NULL)", name=op.f('ck_expense_claims_fuel')),
    sa.CheckConstraint("(state = 'claimed') = (decided_at IS NULL)", name=op.f('ck_expense_claims_decided')),
    sa.CheckConstraint("kind IN ('fuel', 'fare', 'toll', 'parking', 'materials')", name=op.f('ck_expense_claims_kind')),
    sa.CheckConstraint("payer IN ('requester', 'centre')", name=op.f('ck_expense_claims_payer')),
    sa.CheckConstraint("state IN ('claimed', 'approved', 'returned', 'paid')", name=op.f('ck_expense_claims_state')),
    sa.CheckConstraint('decided_by_id <> claimed_by_id', name=op.f('ck_expense_claims_two_people')),
    sa.CheckConstraint('km > 0 AND km <= 300', name=op.f('ck_expense_claims_km')),
    sa.CheckConstraint('yen > 0', name=op.f('ck_expense_claims_yen')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['accounts.id'], name=op.f('fk_expense_claims_claimed_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['accounts.id'], name=op.f('fk_expense_claims_decided_by_id')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_expense_claims_placement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expense_claims'))
    )
    op.create_index(op.f('ix_expense_claims_placement_id'), 'expense_claims', ['placement_id'], unique=False)
    op.create_index('uq_expense_claims_kind', 'expense_claims', ['placement_id', 'kind'], unique=True, postgresql_where=sa.text("kind IN ('fuel', 'fare', 'parking', 'toll')"))
    op.create_table('incidents',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('placement_id', sa.BigInteger(), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('severity', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.BigInteger(), nullable=True),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('insurer_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('family_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('city_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('manager_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_incidents_closed')),
    sa.CheckConstraint("(state = 'closed') = (due_at IS NULL)", name=op.f('ck_incidents_due')),
    sa.CheckConstraint("kind IN ('accident_injury', 'property_damage', 'near_miss', 'infection', 'money_or_gift', 'confidentiality_breach', 'harassment', 'resident_absent', 'other')", name=op.f('ck_incidents_kind')),
    sa.CheckConstraint("severity IS NULL OR severity IN ('none', 'minor', 'serious', 'grave')", name=op.f('ck_incidents_severity')),
    sa.CheckConstraint("state = 'reported' OR severity IS NOT NULL", name=op.f('ck_incidents_assessed')),
    sa.CheckConstraint("state IN ('reported', 'assessed', 'responding', 'closed')", name=op.f('ck_incidents_state')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_incidents_need_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['accounts.id'], name=op.f('fk_incidents_opened_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['accounts.id'], name=op.f('fk_incidents_owner_id')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_incidents_placement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents'))
    )
    op.create_index(op.f('ix_incidents_need_id'), 'incidents', ['need_id'], unique=False)
    op.create_index(op.f('ix_incidents_placement_id'), 'incidents', ['placement_id'], unique=False)
    op.create_index('uq_incidents_open', 'incidents', ['placement_id', 'kind'], unique=True, postgresql_where=sa.text("state <> 'closed'"))
    op.execute(
        "INSERT INTO expense_terms (valid_from, yen_per_km, most_yen, most_cash_yen)"
        " VALUES ('2021-04-01', 20, 5000, 10000)"
    )


def downgrade() -> None:
    op.drop_index('uq_incidents_open', table_name='incidents', postgresql_where=sa.text("state <> 'closed'"))
    op.drop_index(op.f('ix_incidents_placement_id'), table_name='incidents')
    op.drop_index(op.f('ix_incidents_need_id'), table_name='incidents')
    op.drop_table('incidents')
    op.drop_index('uq_expense_claims_kind', table_name='expense_claims', postgresql_where=sa.text("kind IN ('fuel', 'fare', 'parking', 'toll')"))
    op.drop_index(op.f('ix_expense_claims_placement_id'), table_name='expense_claims')
    op.drop_table('expense_claims')
    op.drop_table('cash_entries')
    op.drop_index(op.f('ix_complaints_need_id'), table_name='complaints')
    op.drop_table('complaints')
    op.drop_table('expense_terms')
