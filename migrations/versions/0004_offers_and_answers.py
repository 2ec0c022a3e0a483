"""Offers, answers, attempts to reach somebody; seats that are held until both agree."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

STATES = "'suggested', 'selected', 'contacted', 'accepted', 'declined', 'no_response'"
CHANGED = (
    ("proposals", "state", f"state IN ({STATES}, 'waitlisted', 'cancelled', 'superseded')"),
    ("placements", "state", "state IN ('held', 'confirmed', 'cancelled', 'done')"),
)
NEW = (
    (
        "proposals",
        "channel",
        "offer_channel IS NULL OR offer_channel IN"
        " ('phone', 'visit', 'mail', 'line', 'sms', 'letter', 'web')",
    ),
    (
        "proposals",
        "decline_reason",
        "decline_reason IS NULL OR decline_reason IN"
        " ('date', 'distance', 'content', 'health', 'family', 'other')",
    ),
    (
        "proposals",
        "offer",
        "(offered_at IS NULL) = (expires_at IS NULL)"
        " AND (offered_at IS NULL) = (offer_channel IS NULL)",
    ),
    (
        "placements",
        "confirmed",
        "CASE state WHEN 'held' THEN confirmed_at IS NULL"
        " WHEN 'cancelled' THEN true ELSE confirmed_at IS NOT NULL END",
    ),
)
BEFORE = (
    ("proposals", "state", f"state IN ({STATES}, 'cancelled', 'superseded')"),
    ("placements", "state", "state IN ('confirmed', 'cancelled', 'done')"),
)



def upgrade() -> None:
    op.create_table('answer_links',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('proposal_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_answer_links_proposal_id')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_answer_links'))
    )
    op.create_index('ix_answer_links_proposal', 'answer_links', ['proposal_id'], unique=False)
    op.create_table('contacts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('proposal_id', sa.BigInteger(), nullable=True),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('note_id', sa.BigInteger(), nullable=True),
    sa.Column('contacted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('contacted_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("channel IN ('phone', 'visit', 'mail', 'line', 'sms', 'letter', 'web')", name=op.f('ck_contacts_channel')),
    sa.CheckConstraint("outcome IN ('sent', 'yes', 'no', 'talk', 'no_answer', 'message_left', 'told')", name=op.f('ck_contacts_outcome')),
    sa.ForeignKeyConstraint(['contacted_by_id'], ['accounts.id'], name=op.f('fk_contacts_contacted_by_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_contacts_need_id')),
    sa.ForeignKeyConstraint(['note_id'], ['need_notes.id'], name=op.f('fk_contacts_note_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_contacts_person_id')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_contacts_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts'))
    )
    op.create_index(op.f('ix_contacts_need_id'), 'contacts', ['need_id'], unique=False)
    op.create_index(op.f('ix_contacts_person_id'), 'contacts', ['person_id'], unique=False)
    op.create_index(op.f('ix_contacts_proposal_id'), 'contacts', ['proposal_id'], unique=False)
    op.add_column('placements', sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('proposals', sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('proposals', sa.Column('offer_channel', sa.String(), nullable=True))
    op.add_column('proposals', sa.Column('offered_visits', postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False))
    op.add_column('proposals', sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('proposals', sa.Column('decline_reason', sa.String(), nullable=True))
    op.create_index('ix_proposals_expires_at', 'proposals', ['expires_at'], unique=False, postgresql_where=sa.text("state = 'contacted'"))
    op.execute("UPDATE placements SET confirmed_at = decided_at")
    for table, name, condition in (*CHANGED, *NEW):
        if (table, name, condition) in CHANGED:
            op.drop_constraint(f"ck_{table}_{name}", table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def downgrade() -> None:
    op.execute("UPDATE proposals SET state = 'no_response' WHERE state = 'waitlisted'")
    for table, name, _condition in (*CHANGED, *NEW):
        op.drop_constraint(f"ck_{table}_{name}", table)
    op.execute("UPDATE placements SET state = 'confirmed' WHERE state = 'held'")
    for table, name, condition in BEFORE:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    op.drop_index('ix_proposals_expires_at', table_name='proposals', postgresql_where=sa.text("state = 'contacted'"))
    op.drop_column('proposals', 'decline_reason')
    op.drop_column('proposals', 'expires_at')
    op.drop_column('proposals', 'offered_visits')
    op.drop_column('proposals', 'offer_channel')
    op.drop_column('proposals', 'offered_at')
    op.drop_column('placements', 'confirmed_at')
    op.drop_index(op.f('ix_contacts_proposal_id'), table_name='contacts')
    op.drop_index(op.f('ix_contacts_person_id'), table_name='contacts')
    op.drop_index(op.f('ix_contacts_need_id'), table_name='contacts')
    op.drop_table('contacts')
    op.drop_index('ix_answer_links_proposal', table_name='answer_links')
    op.drop_table('answer_links')
