"""Activities: what happened on a visit; reminders about a placement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KINDS = "'offer', 'confirmed', 'waitlisted', 'not_needed'"
# table, constraint, before, after
WIDENED = (
    ("messages", "kind", f"kind IN ({KINDS})", f"kind IN ({KINDS}, 'report_reminder')"),
    (
        "need_notes",
        "kind",
        "kind IN ('triage', 'contact', 'note')",
        "kind IN ('triage', 'contact', 'report', 'note')",
    ),
)


def upgrade() -> None:
    op.create_table('activities',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('placement_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('checked_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minutes', sa.BigInteger(), nullable=True),
    sa.Column('condition', sa.String(), nullable=True),
    sa.Column('concern', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('accident', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('near_miss', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('note_id', sa.BigInteger(), nullable=True),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reported_by_id', sa.BigInteger(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_by_id', sa.BigInteger(), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(state = 'verified') = (verified_at IS NOT NULL AND verified_by_id IS NOT NULL)", name=op.f('ck_activities_verified')),
    sa.CheckConstraint("condition IS NULL OR condition IN ('usual', 'good', 'worried')", name=op.f('ck_activities_condition')),
    sa.CheckConstraint("state IN ('confirmed', 'checked_in', 'done', 'reported', 'verified', 'cancelled_by_requester', 'cancelled_by_volunteer', 'cancelled_weather', 'cancelled_center', 'no_show', 'resident_absent', 'interrupted', 'unreported')", name=op.f('ck_activities_state')),
    sa.CheckConstraint("state NOT IN ('reported', 'verified') OR (reported_at IS NOT NULL AND minutes IS NOT NULL)", name=op.f('ck_activities_reported')),
    sa.CheckConstraint('checked_out_at > checked_in_at', name=op.f('ck_activities_times')),
    sa.CheckConstraint('minutes BETWEEN 1 AND 720', name=op.f('ck_activities_minutes')),
    sa.CheckConstraint('verified_by_id <> reported_by_id', name=op.f('ck_activities_two_people')),
    sa.ForeignKeyConstraint(['note_id'], ['need_notes.id'], name=op.f('fk_activities_note_id')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_activities_placement_id')),
    sa.ForeignKeyConstraint(['reported_by_id'], ['accounts.id'], name=op.f('fk_activities_reported_by_id')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['accounts.id'], name=op.f('fk_activities_verified_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activities')),
    sa.UniqueConstraint('placement_id', name=op.f('uq_activities_placement_id'))
    )
    op.create_index('ix_activities_open', 'activities', ['state'], unique=False, postgresql_where=sa.text("state <> 'verified'"))
    op.add_column('messages', sa.Column('placement_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_messages_placement_id'), 'messages', 'placements', ['placement_id'], ['id'])
    op.create_check_constraint(
        op.f("ck_messages_occasion"), "messages", "num_nonnulls(proposal_id, placement_id) = 1"
    )
    for table, name, _before, after in WIDENED:
        op.drop_constraint(f"ck_{table}_{name}", table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, after)


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE placement_id IS NOT NULL")
    op.execute("UPDATE need_notes SET kind = 'note' WHERE kind = 'report'")
    for table, name, before, _after in WIDENED:
        op.drop_constraint(f"ck_{table}_{name}", table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, before)
    op.drop_constraint("ck_messages_occasion", "messages")
    op.drop_constraint(op.f('fk_messages_placement_id'), 'messages', type_='foreignkey')
    op.drop_column('messages', 'placement_id')
    op.drop_index('ix_activities_open', table_name='activities', postgresql_where=sa.text("state <> 'verified'"))
    op.drop_table('activities')
