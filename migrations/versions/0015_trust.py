"""Trust: consents with their circumstances, who speaks for whom, holds, shields, concerns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OLD_STATES = "state IN ('given', 'refused', 'withdrawn')"
STATES = "state IN ('requested', 'given', 'refused', 'withdrawn', 'expired')"

# What must stay: concerns, whom they touch and what was done about them.
STAY = """
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% stay as they are', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
STAYING = (
    ("concerns", "DELETE"),
    ("concern_people", "DELETE"),
    ("concern_reports", "DELETE"),
    ("concern_decisions", "DELETE"),
)

# A shared lock for who writes live rows, the exclusive one for who forbids them: whoever is
# second sees what the first has done, whatever the order and whoever wrote it.
BARRED = """
CREATE FUNCTION refuse_barred() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asking bigint; helping bigint;
BEGIN
  IF NEW.need_id IS NULL THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock_shared(7330004);
  SELECT requester_id INTO asking FROM needs WHERE id = NEW.need_id;
  SELECT person_id INTO helping FROM volunteers WHERE id = NEW.volunteer_id;
  IF EXISTS (SELECT FROM blocks WHERE (person_id, other_person_id)
             IN ((asking, helping), (helping, asking))) THEN
    RAISE EXCEPTION 'a blocked pair' USING ERRCODE = 'integrity_constraint_violation',
      CONSTRAINT = 'barred_block';
  END IF;
  IF EXISTS (SELECT FROM person_holds WHERE ended_at IS NULL AND person_id IN (asking, helping)) THEN
    RAISE EXCEPTION 'a person on hold' USING ERRCODE = 'integrity_constraint_violation',
      CONSTRAINT = 'barred_hold';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposals_barred BEFORE INSERT ON proposals FOR EACH ROW
  WHEN (NEW.state IN ('suggested', 'selected', 'contacted', 'waitlisted')) EXECUTE FUNCTION refuse_barred();
CREATE TRIGGER proposals_barred_again BEFORE UPDATE ON proposals FOR EACH ROW
  WHEN (NEW.state IN ('suggested', 'selected', 'contacted', 'waitlisted')
        AND OLD.state NOT IN ('suggested', 'selected', 'contacted', 'waitlisted'))
  EXECUTE FUNCTION refuse_barred();
CREATE TRIGGER placements_barred BEFORE INSERT ON placements FOR EACH ROW
  WHEN (NEW.state IN ('held', 'confirmed')) EXECUTE FUNCTION refuse_barred();
CREATE TRIGGER placements_barred_again BEFORE UPDATE ON placements FOR EACH ROW
  WHEN (NEW.state = 'confirmed' AND OLD.state <> 'confirmed') EXECUTE FUNCTION refuse_barred();
"""

BLOCKED = """
CREATE FUNCTION refuse_living_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7330004);
  IF EXISTS (
    SELECT FROM volunteers v JOIN needs n ON (n.requester_id, v.person_id)
        IN ((NEW.person_id, NEW.other_person_id), (NEW.other_person_id, NEW.person_id))
    WHERE EXISTS (SELECT FROM proposals p WHERE p.need_id = n.id AND p.volunteer_id = v.id
                  AND p.state IN ('suggested', 'selected', 'contacted', 'waitlisted'))
       OR EXISTS (SELECT FROM placements p WHERE p.need_id = n.id AND p.volunteer_id = v.id
                  AND p.state IN ('held', 'confirmed'))) THEN
    RAISE EXCEPTION 'the pair is being brought together'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'living_pair';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER blocks_living BEFORE INSERT OR UPDATE ON blocks
  FOR EACH ROW EXECUTE FUNCTION refuse_living_pair();
"""

HELD = """
CREATE FUNCTION refuse_living_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7330004);
  IF EXISTS (
    SELECT FROM proposals p JOIN needs n ON n.id = p.need_id
      JOIN volunteers v ON v.id = p.volunteer_id
    WHERE p.state IN ('suggested', 'selected', 'contacted', 'waitlisted')
      AND NEW.person_id IN (n.requester_id, v.person_id)) THEN
    RAISE EXCEPTION 'somebody is still being asked'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'living_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER person_holds_living BEFORE INSERT ON person_holds FOR EACH ROW
  WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION refuse_living_person();
"""

WITHHELD = """
CREATE FUNCTION refuse_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM registration_holds
             WHERE person_id = NEW.person_id AND decision IS NULL) THEN
    RAISE EXCEPTION 'the registration waits for a decision'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'registration_held';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER volunteers_withheld BEFORE UPDATE OF state ON volunteers FOR EACH ROW
  WHEN (NEW.state IN ('interviewed', 'active')) EXECUTE FUNCTION refuse_registration();
"""

# A volunteer sees contacts only while the newest word of the person is yes (I8). Both sides hold
# the person's row, so no disclosure begins after a withdrawal has been committed.
CONSENTED = """
CREATE FUNCTION hold_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM persons WHERE id = NEW.person_id FOR NO KEY UPDATE;
  RETURN NEW;
END $$;
CREATE TRIGGER consents_hold_person BEFORE INSERT ON consents FOR EACH ROW
  WHEN (NEW.state <> 'given') EXECUTE FUNCTION hold_person();
CREATE TRIGGER person_holds_hold_person BEFORE INSERT ON person_holds
  FOR EACH ROW EXECUTE FUNCTION hold_person();
CREATE FUNCTION refuse_disclosure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest consents%ROWTYPE;
BEGIN
  PERFORM 1 FROM persons WHERE id = NEW.person_id FOR SHARE;
  SELECT * INTO newest FROM consents
    WHERE person_id = NEW.person_id AND purpose = 'share_with_volunteer'
    ORDER BY id DESC LIMIT 1;
  IF newest.id IS DISTINCT FROM NEW.consent_id OR newest.state <> 'given' THEN
    RAISE EXCEPTION 'no consent to this disclosure'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'disclosure_consent';
  END IF;
  IF EXISTS (SELECT FROM person_holds WHERE person_id = NEW.person_id AND ended_at IS NULL)
     OR EXISTS (SELECT FROM shields WHERE person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'the person is on hold or shielded'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'disclosure_hold';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disclosures_consented BEFORE INSERT ON disclosures FOR EACH ROW
  WHEN (NEW.role = 'volunteer') EXECUTE FUNCTION refuse_disclosure();
"""

GUARDS = (
    STAY,
    *(
        f"CREATE TRIGGER {table}_stay BEFORE {acts} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_removal()"
        for table, acts in STAYING
    ),
    *(
        f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()"
        for table, _acts in STAYING
    ),
    BARRED,
    BLOCKED,
    HELD,
    WITHHELD,
    CONSENTED,
)

UNDO = """
DROP TRIGGER proposals_barred ON proposals;
DROP TRIGGER proposals_barred_again ON proposals;
DROP TRIGGER placements_barred ON placements;
DROP TRIGGER placements_barred_again ON placements;
DROP TRIGGER blocks_living ON blocks;
DROP TRIGGER volunteers_withheld ON volunteers;
DROP TRIGGER consents_hold_person ON consents;
DROP FUNCTION refuse_removal() CASCADE;
DROP FUNCTION refuse_living_person() CASCADE;
DROP FUNCTION refuse_disclosure() CASCADE;
DROP FUNCTION hold_person() CASCADE;
DROP FUNCTION refuse_barred();
DROP FUNCTION refuse_living_pair();
DROP FUNCTION refuse_registration();
"""


def upgrade() -> None:
    op.create_table('acquaintances',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('other_person_id', sa.BigInteger(), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("relation IN ('family', 'acquaintance')", name=op.f('ck_acquaintances_relation')),
    sa.CheckConstraint('person_id <> other_person_id', name=op.f('ck_acquaintances_two_people')),
    sa.ForeignKeyConstraint(['created_by_id'], ['accounts.id'], name=op.f('fk_acquaintances_created_by_id')),
    sa.ForeignKeyConstraint(['other_person_id'], ['persons.id'], name=op.f('fk_acquaintances_other_person_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_acquaintances_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acquaintances'))
    )
    op.create_index(op.f('ix_acquaintances_other_person_id'), 'acquaintances', ['other_person_id'], unique=False)
    op.create_index('uq_acquaintances_pair', 'acquaintances', ['person_id', 'other_person_id'], unique=True)
    op.create_table('concerns',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('raised_by_id', sa.BigInteger(), nullable=True),
    sa.Column('raised_role', sa.String(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('in_danger', sa.Boolean(), nullable=False),
    sa.Column('about_type', sa.String(), nullable=True),
    sa.Column('about_id', sa.BigInteger(), nullable=True),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by_id', sa.BigInteger(), nullable=True),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_concerns_closed')),
    sa.CheckConstraint("(state = 'reported') = (acknowledged_at IS NULL) AND (acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name=op.f('ck_concerns_acknowledged')),
    sa.CheckConstraint("state IN ('reported', 'acknowledged', 'closed')", name=op.f('ck_concerns_state')),
    sa.CheckConstraint("target IN ('elderly', 'child', 'disability', 'partner', 'suicide', 'consumer', 'other')", name=op.f('ck_concerns_target')),
    sa.ForeignKeyConstraint(['acknowledged_by_id'], ['accounts.id'], name=op.f('fk_concerns_acknowledged_by_id')),
    sa.ForeignKeyConstraint(['area_code'], ['areas.code'], name=op.f('fk_concerns_area_code')),
    sa.ForeignKeyConstraint(['raised_by_id'], ['accounts.id'], name=op.f('fk_concerns_raised_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concerns'))
    )
    op.create_index('ix_concerns_open', 'concerns', ['raised_at'], unique=False, postgresql_where=sa.text("state <> 'closed'"))
    op.create_table('guardian_consents',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("method IN ('web', 'paper', 'oral')", name=op.f('ck_guardian_consents_method')),
    sa.CheckConstraint('length(name) BETWEEN 1 AND 200', name=op.f('ck_guardian_consents_name')),
    sa.CheckConstraint('valid_until >= agreed_on', name=op.f('ck_guardian_consents_term')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_guardian_consents_person_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['accounts.id'], name=op.f('fk_guardian_consents_recorded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_consents'))
    )
    op.create_index(op.f('ix_guardian_consents_person_id'), 'guardian_consents', ['person_id'], unique=False)
    op.create_table('person_holds',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_by_id', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("reason IN ('safeguarding', 'deceased', 'moved')", name=op.f('ck_person_holds_reason')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_person_holds_ended_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_person_holds_person_id')),
    sa.ForeignKeyConstraint(['started_by_id'], ['accounts.id'], name=op.f('fk_person_holds_started_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_holds'))
    )
    op.create_index('uq_person_holds_running', 'person_holds', ['person_id', 'reason'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('registration_holds',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('like_person_id', sa.BigInteger(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("decision IN ('same', 'another')", name=op.f('ck_registration_holds_decision')),
    sa.CheckConstraint('(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_registration_holds_decided')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['accounts.id'], name=op.f('fk_registration_holds_decided_by_id')),
    sa.ForeignKeyConstraint(['like_person_id'], ['persons.id'], name=op.f('fk_registration_holds_like_person_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_registration_holds_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_registration_holds'))
    )
    op.create_table('representations',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('representative_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('relation', sa.String(), nullable=True),
    sa.Column('purposes', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('document_seen_on', sa.Date(), nullable=True),
    sa.Column('supervised_since', sa.Date(), nullable=True),
    sa.Column('person_knows', sa.Boolean(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('scope', sa.String(), nullable=False),
    sa.CheckConstraint("authority IN ('self', 'family_assist', 'statutory_guardian', 'curator', 'assistant', 'voluntary_guardian', 'parental_authority', 'commissioner_contact', 'agency_contact')", name=op.f('ck_representations_authority')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_representations_term')),
    sa.CheckConstraint('length(name) BETWEEN 1 AND 200', name=op.f('ck_representations_name')),
    sa.CheckConstraint('representative_id <> person_id', name=op.f('ck_representations_two_people')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_representations_ended_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_representations_person_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['accounts.id'], name=op.f('fk_representations_recorded_by_id')),
    sa.ForeignKeyConstraint(['representative_id'], ['persons.id'], name=op.f('fk_representations_representative_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_representations'))
    )
    op.create_index(op.f('ix_representations_person_id'), 'representations', ['person_id'], unique=False)
    op.create_table('reveal_requests',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL) AND (state = 'asked') = (decided_by_id IS NULL)", name=op.f('ck_reveal_requests_decided')),
    sa.CheckConstraint("state IN ('asked', 'agreed', 'refused')", name=op.f('ck_reveal_requests_state')),
    sa.CheckConstraint('decided_by_id <> account_id', name=op.f('ck_reveal_requests_second_person')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_reveal_requests_account_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['accounts.id'], name=op.f('fk_reveal_requests_decided_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_reveal_requests_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reveal_requests'))
    )
    op.create_index('ix_reveal_requests_account', 'reveal_requests', ['account_id', 'person_id', 'id'], unique=False)
    op.create_table('safeguarding_members',
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_by_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_safeguarding_members_account_id')),
    sa.ForeignKeyConstraint(['named_by_id'], ['accounts.id'], name=op.f('fk_safeguarding_members_named_by_id')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_safeguarding_members'))
    )
    op.create_table('shields',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('meeting_point', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['accounts.id'], name=op.f('fk_shields_created_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_shields_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shields')),
    sa.UniqueConstraint('person_id', name=op.f('uq_shields_person_id'))
    )
    op.create_table('wishes',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('no_acquaintances', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_wishes_person_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['accounts.id'], name=op.f('fk_wishes_recorded_by_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_wishes'))
    )
    op.create_table('concern_alerts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('concern_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('alerted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_concern_alerts_account_id')),
    sa.ForeignKeyConstraint(['concern_id'], ['concerns.id'], name=op.f('fk_concern_alerts_concern_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concern_alerts'))
    )
    op.create_index('ix_concern_alerts_account', 'concern_alerts', ['account_id', 'id'], unique=False)
    op.create_index('uq_concern_alerts_once', 'concern_alerts', ['concern_id', 'account_id'], unique=True)
    op.create_table('concern_decisions',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('concern_id', sa.BigInteger(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.CheckConstraint("decision IN ('continue', 'release')", name=op.f('ck_concern_decisions_decision')),
    sa.ForeignKeyConstraint(['concern_id'], ['concerns.id'], name=op.f('fk_concern_decisions_concern_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['accounts.id'], name=op.f('fk_concern_decisions_decided_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concern_decisions'))
    )
    op.create_index(op.f('ix_concern_decisions_concern_id'), 'concern_decisions', ['concern_id'], unique=False)
    op.create_table('concern_people',
    sa.Column('concern_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.CheckConstraint("part IN ('resident', 'household', 'suspected')", name=op.f('ck_concern_people_part')),
    sa.ForeignKeyConstraint(['concern_id'], ['concerns.id'], name=op.f('fk_concern_people_concern_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_concern_people_person_id')),
    sa.PrimaryKeyConstraint('concern_id', 'person_id', name=op.f('pk_concern_people'))
    )
    op.create_index(op.f('ix_concern_people_person_id'), 'concern_people', ['person_id'], unique=False)
    op.create_table('concern_reports',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('concern_id', sa.BigInteger(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_by_id', sa.BigInteger(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('next_step', sa.String(), nullable=False),
    sa.Column('desk', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("method IN ('phone', 'visit', 'paper', 'other')", name=op.f('ck_concern_reports_method')),
    sa.ForeignKeyConstraint(['concern_id'], ['concerns.id'], name=op.f('fk_concern_reports_concern_id')),
    sa.ForeignKeyConstraint(['told_by_id'], ['accounts.id'], name=op.f('fk_concern_reports_told_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concern_reports'))
    )
    op.create_index(op.f('ix_concern_reports_concern_id'), 'concern_reports', ['concern_id'], unique=False)
    op.create_table('need_briefs',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('need_id', sa.BigInteger(), nullable=False),
    sa.Column('outline', sa.String(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.BigInteger(), nullable=True),
    sa.Column('care', sa.String(), nullable=False),
    sa.CheckConstraint('length(outline) <= 1000', name=op.f('ck_need_briefs_outline')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_need_briefs_need_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['accounts.id'], name=op.f('fk_need_briefs_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_briefs')),
    sa.UniqueConstraint('need_id', name=op.f('uq_need_briefs_need_id'))
    )
    op.create_table('shield_keepers',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('place BETWEEN 1 AND 3', name=op.f('ck_shield_keepers_at_most_three')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_shield_keepers_account_id')),
    sa.ForeignKeyConstraint(['person_id'], ['shields.person_id'], name=op.f('fk_shield_keepers_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'place', name=op.f('pk_shield_keepers'))
    )
    op.create_index('uq_shield_keepers_account', 'shield_keepers', ['person_id', 'account_id'], unique=True)
    op.add_column('consents', sa.Column('agreed_on', sa.Date(), nullable=True))
    op.add_column('consents', sa.Column('expires_on', sa.Date(), nullable=True))
    op.add_column('consents', sa.Column('witness', sa.String(), nullable=True))
    op.add_column('consents', sa.Column('receiver', sa.String(), nullable=True))
    op.add_column('consents', sa.Column('representation_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_consents_representation_id'), 'consents', 'representations', ['representation_id'], ['id'])
    op.add_column('disclosures', sa.Column('consent_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_disclosures_consent_id'), 'disclosures', 'consents', ['consent_id'], ['id'])
    op.drop_constraint(op.f("ck_consents_state"), "consents", type_="check")
    op.create_check_constraint(op.f("ck_consents_state"), "consents", STATES)
    for statement in GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.execute(UNDO)
    op.execute("DELETE FROM consents WHERE state IN ('requested', 'expired')")
    op.drop_constraint(op.f("ck_consents_state"), "consents", type_="check")
    op.create_check_constraint(op.f("ck_consents_state"), "consents", OLD_STATES)
    op.drop_constraint(op.f('fk_disclosures_consent_id'), 'disclosures', type_='foreignkey')
    op.drop_column('disclosures', 'consent_id')
    op.drop_constraint(op.f('fk_consents_representation_id'), 'consents', type_='foreignkey')
    op.drop_column('consents', 'representation_id')
    op.drop_column('consents', 'receiver')
    op.drop_column('consents', 'witness')
    op.drop_column('consents', 'expires_on')
    op.drop_column('consents', 'agreed_on')
    op.drop_index('uq_shield_keepers_account', table_name='shield_keepers')
    op.drop_table('shield_keepers')
    op.drop_table('need_briefs')
    op.drop_index(op.f('ix_concern_reports_concern_id'), table_name='concern_reports')
    op.drop_table('concern_reports')
    op.drop_index(op.f('ix_concern_people_person_id'), table_name='concern_people')
    op.drop_table('concern_people')
    op.drop_index(op.f('ix_concern_decisions_concern_id'), table_name='concern_decisions')
    op.drop_table('concern_decisions')
    op.drop_index('uq_concern_alerts_once', table_name='concern_alerts')
    op.drop_index('ix_concern_alerts_account', table_name='concern_alerts')
    op.drop_table('concern_alerts')
    op.drop_table('wishes')
    op.drop_table('shields')
    op.drop_table('safeguarding_members')
    op.drop_index('ix_reveal_requests_account', table_name='reveal_requests')
    op.drop_table('reveal_requests')
    op.drop_index(op.f('ix_representations_person_id'), table_name='representations')
    op.drop_table('representations')
    op.drop_table('registration_holds')
    op.drop_index('uq_person_holds_running', table_name='person_holds', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_table('person_holds')
    op.drop_index(op.f('ix_guardian_consents_person_id'), table_name='guardian_consents')
    op.drop_table('guardian_consents')
    op.drop_index('ix_concerns_open', table_name='concerns', postgresql_where=sa.text("state <> 'closed'"))
    op.drop_table('concerns')
    op.drop_index('uq_acquaintances_pair', table_name='acquaintances')
    op.drop_index(op.f('ix_acquaintances_other_person_id'), table_name='acquaintances')
    op.drop_table('acquaintances')
