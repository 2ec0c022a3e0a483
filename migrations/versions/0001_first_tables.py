"""The first tables: places, catalogue, people, volunteers, needs, coordination, outbox, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Equality inside the GiST index of the double-booking constraint.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "areas",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
        sa.UniqueConstraint("name", name=op.f("uq_areas_name")),
    )
    op.create_table(
        "categories",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_easy", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("risk_level", sa.String(), nullable=False),
        sa.Column("minors", sa.String(), nullable=False),
        sa.Column("min_persons", sa.BigInteger(), nullable=False),
        sa.Column("typical_minutes", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("referral_code", sa.String(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("minors IN ('none', 'H', 'J', 'E')", name=op.f("ck_categories_minors")),
        sa.CheckConstraint(
            "risk_level IN ('R0', 'R1', 'R2', 'R3', 'R9')", name=op.f("ck_categories_risk_level")
        ),
        sa.CheckConstraint("min_persons >= 1", name=op.f("ck_categories_min_persons")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_categories_validity")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_categories")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_role", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_occurred_at", "events", ["occurred_at"], unique=False)
    op.create_index(
        "ix_events_subject", "events", ["subject_type", "subject_id", "id"], unique=False
    )
    op.create_table(
        "outbox_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("merge_key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_outbox_jobs_done")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'parked')", name=op.f("ck_outbox_jobs_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_jobs")),
    )
    op.create_index(
        "ix_outbox_jobs_due",
        "outbox_jobs",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "uq_outbox_jobs_merge",
        "outbox_jobs",
        ["merge_key"],
        unique=True,
        postgresql_where=sa.text("state = 'pending' AND published_at IS NULL"),
    )
    op.create_table(
        "replies",
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("request_key", name=op.f("pk_replies")),
    )
    op.create_table(
        "skills",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("verify", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_skills_validity")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skills")),
    )
    op.create_table(
        "area_travel",
        sa.Column("from_area_code", sa.String(), nullable=False),
        sa.Column("to_area_code", sa.String(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name=op.f("ck_area_travel_minutes")),
        sa.ForeignKeyConstraint(
            ["from_area_code"], ["areas.code"], name=op.f("fk_area_travel_from_area_code")
        ),
        sa.ForeignKeyConstraint(
            ["to_area_code"], ["areas.code"], name=op.f("fk_area_travel_to_area_code")
        ),
        sa.PrimaryKeyConstraint("from_area_code", "to_area_code", name=op.f("pk_area_travel")),
    )
    op.create_table(
        "districts",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("snow_class", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_districts_area_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_districts")),
    )
    op.create_index(op.f("ix_districts_area_code"), "districts", ["area_code"], unique=False)
    op.create_table(
        "volunteer_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_kana", sa.String(), nullable=True),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("representative", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("activities", sa.String(), nullable=True),
        sa.Column("activity_area", sa.String(), nullable=True),
        sa.Column("member_count", sa.BigInteger(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("meeting", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'withdrawn')", name=op.f("ck_volunteer_groups_state")
        ),
        sa.CheckConstraint("member_count >= 0", name=op.f("ck_volunteer_groups_member_count")),
        sa.ForeignKeyConstraint(
            ["area_code"], ["areas.code"], name=op.f("fk_volunteer_groups_area_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_groups")),
        sa.UniqueConstraint("reference", name=op.f("uq_volunteer_groups_reference")),
    )
    op.create_index(
        op.f("ix_volunteer_groups_name_key"), "volunteer_groups", ["name_key"], unique=False
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_kana", sa.String(), nullable=True),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("district_code", sa.String(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("contact_method", sa.String(), nullable=True),
        sa.Column("language", sa.String(), server_default="ja", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("gender IN ('F', 'M', 'X')", name=op.f("ck_persons_gender")),
        sa.CheckConstraint("kind IN ('individual', 'body')", name=op.f("ck_persons_kind")),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_persons_coordinates")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_persons_name")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_persons_area_code")),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_persons_district_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_index(op.f("ix_persons_area_code"), "persons", ["area_code"], unique=False)
    op.create_index(op.f("ix_persons_name_key"), "persons", ["name_key"], unique=False)
    op.create_index(op.f("ix_persons_phone"), "persons", ["phone"], unique=False)
    op.create_table(
        "postal_towns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("district_code", sa.String(), nullable=True),
        sa.CheckConstraint("postal_code ~ '^[0-9]{7}$'", name=op.f("ck_postal_towns_seven_digits")),
        sa.ForeignKeyConstraint(
            ["area_code"], ["areas.code"], name=op.f("fk_postal_towns_area_code")
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_postal_towns_district_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postal_towns")),
    )
    op.create_index(
        op.f("ix_postal_towns_postal_code"), "postal_towns", ["postal_code"], unique=False
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_accounts_login_lower")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_person_id")),
    )
    op.create_table(
        "volunteers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("occupation", sa.String(), nullable=True),
        sa.Column("transport", sa.String(), nullable=True),
        sa.Column(
            "max_distance_km", sa.Numeric(precision=7, scale=2, asdecimal=False), nullable=True
        ),
        sa.Column(
            "max_hours_per_month", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True
        ),
        sa.Column("max_visits_per_week", sa.BigInteger(), nullable=True),
        sa.Column("notice_days", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("guardian_consent_until", sa.Date(), nullable=True),
        sa.Column("insured_until", sa.Date(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("last_active_on", sa.Date(), nullable=True),
        sa.Column("group_reference", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('applicant', 'interviewed', 'active', 'paused', 'withdrawn', 'suspended')",
            name=op.f("ck_volunteers_state"),
        ),
        sa.CheckConstraint(
            "transport IN ('car', 'light_truck', 'bicycle', 'walk', 'bus')",
            name=op.f("ck_volunteers_transport"),
        ),
        sa.CheckConstraint("max_distance_km >= 0", name=op.f("ck_volunteers_max_distance_km")),
        sa.CheckConstraint(
            "max_hours_per_month >= 0", name=op.f("ck_volunteers_max_hours_per_month")
        ),
        sa.CheckConstraint(
            "max_visits_per_week >= 0", name=op.f("ck_volunteers_max_visits_per_week")
        ),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 366", name=op.f("ck_volunteers_notice_days")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["volunteer_groups.id"], name=op.f("fk_volunteers_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_volunteers_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("person_id", name=op.f("uq_volunteers_person_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_volunteers_reference")),
    )
    op.create_index(op.f("ix_volunteers_group_id"), "volunteers", ["group_id"], unique=False)
    op.create_table(
        "welfare_commissioners",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("district_code", sa.String(), nullable=True),
        sa.Column("towns", sa.String(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_code"], ["areas.code"], name=op.f("fk_welfare_commissioners_area_code")
        ),
        sa.ForeignKeyConstraint(
            ["district_code"],
            ["districts.code"],
            name=op.f("fk_welfare_commissioners_district_code"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_welfare_commissioners_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welfare_commissioners")),
        sa.UniqueConstraint("person_id", name=op.f("uq_welfare_commissioners_person_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_welfare_commissioners_reference")),
    )
    op.create_table(
        "availability_slots",
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("starts_minute", sa.SmallInteger(), nullable=False),
        sa.Column("ends_minute", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440",
            name=op.f("ck_availability_slots_interval"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_availability_slots_weekday")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_availability_slots_volunteer_id")
        ),
        sa.PrimaryKeyConstraint(
            "volunteer_id", "weekday", "starts_minute", name=op.f("pk_availability_slots")
        ),
    )
    op.create_table(
        "blocks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("other_person_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("person_id <> other_person_id", name=op.f("ck_blocks_two_people")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_blocks_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_person_id"], ["persons.id"], name=op.f("fk_blocks_other_person_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_blocks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
        sa.UniqueConstraint(
            "person_id", "other_person_id", name=op.f("uq_blocks_person_id_other_person_id")
        ),
    )
    op.create_index(op.f("ix_blocks_other_person_id"), "blocks", ["other_person_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "method IN ('web', 'paper', 'oral', 'register')", name=op.f("ck_consents_method")
        ),
        sa.CheckConstraint(
            "purpose IN ('coordination_use', 'share_with_volunteer', 'share_with_commissioner', 'share_with_agency', 'statistics', 'photo_publication', 'disaster_use')",
            name=op.f("ck_consents_purpose"),
        ),
        sa.CheckConstraint(
            "state IN ('given', 'refused', 'withdrawn')", name=op.f("ck_consents_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_consents_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_consents_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_person", "consents", ["person_id", "purpose", "id"], unique=False)
    op.create_table(
        "days_off",
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("off_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_days_off_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "off_on", name=op.f("pk_days_off")),
    )
    op.create_table(
        "login_sessions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_login_sessions")),
    )
    op.create_index(
        op.f("ix_login_sessions_account_id"), "login_sessions", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_login_sessions_expires_at"), "login_sessions", ["expires_at"], unique=False
    )
    op.create_table(
        "needs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("requester_id", sa.BigInteger(), nullable=False),
        sa.Column("requester_relation", sa.String(), nullable=True),
        sa.Column("recipient_age", sa.BigInteger(), nullable=True),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("commissioner_id", sa.BigInteger(), nullable=True),
        sa.Column("proxy_reference", sa.String(), nullable=True),
        sa.Column("proxy_name", sa.String(), nullable=True),
        sa.Column("proxy_phone", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("district_code", sa.String(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("category_text", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("headcount", sa.BigInteger(), nullable=False),
        sa.Column("min_headcount", sa.BigInteger(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("from_minute", sa.SmallInteger(), nullable=True),
        sa.Column("to_minute", sa.SmallInteger(), nullable=True),
        sa.Column("duration_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("recurrence", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("decide_by_on", sa.Date(), nullable=True),
        sa.Column("gender_preference", sa.String(), nullable=True),
        sa.Column("car_needed", sa.Boolean(), nullable=False),
        sa.Column("destination", sa.String(), nullable=True),
        sa.Column("destination_lat", sa.Double(), nullable=True),
        sa.Column("destination_lon", sa.Double(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("next_action", sa.String(), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("filed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_needs_closed")
        ),
        sa.CheckConstraint(
            "NOT state IN ('ready', 'matching') OR start_on IS NOT NULL",
            name=op.f("ck_needs_planned_has_a_day"),
        ),
        sa.CheckConstraint(
            "gender_preference IN ('F', 'M')", name=op.f("ck_needs_gender_preference")
        ),
        sa.CheckConstraint(
            "recurrence IN ('once', 'weekly', 'biweekly', 'monthly', 'as_needed')",
            name=op.f("ck_needs_recurrence"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'triaging', 'ready', 'matching', 'matched', 'in_progress', 'completed', 'closed', 'on_hold', 'referred', 'declined', 'withdrawn', 'unmet', 'duplicate')",
            name=op.f("ck_needs_state"),
        ),
        sa.CheckConstraint(
            "urgency IN ('emergency', 'high', 'normal', 'low')", name=op.f("ck_needs_urgency")
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_needs_coordinates")),
        sa.CheckConstraint(
            "0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440",
            name=op.f("ck_needs_window"),
        ),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name=op.f("ck_needs_duration")),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_needs_dates")),
        sa.CheckConstraint("headcount BETWEEN 1 AND 200", name=op.f("ck_needs_headcount")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 2000", name=op.f("ck_needs_title")),
        sa.CheckConstraint(
            "min_headcount BETWEEN 1 AND headcount", name=op.f("ck_needs_min_headcount")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_needs_area_code")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_needs_category_code")
        ),
        sa.ForeignKeyConstraint(
            ["commissioner_id"], ["welfare_commissioners.id"], name=op.f("fk_needs_commissioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_needs_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["accounts.id"], name=op.f("fk_needs_filed_by_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_needs_owner_id")),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["persons.id"], name=op.f("fk_needs_requester_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("reference", name=op.f("uq_needs_reference")),
    )
    op.create_index(op.f("ix_needs_area_code"), "needs", ["area_code"], unique=False)
    op.create_index(op.f("ix_needs_next_action_on"), "needs", ["next_action_on"], unique=False)
    op.create_index(op.f("ix_needs_owner_id"), "needs", ["owner_id"], unique=False)
    op.create_index(op.f("ix_needs_requester_id"), "needs", ["requester_id"], unique=False)
    op.create_index("ix_needs_state", "needs", ["state", "next_action_on"], unique=False)
    op.create_table(
        "planning_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("objective", sa.String(), nullable=True),
        sa.Column("bound", sa.String(), nullable=True),
        sa.Column("gap", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("engine_version", sa.String(), nullable=True),
        sa.Column("weights_version", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_planning_runs_failed")
        ),
        sa.CheckConstraint(
            "(state = 'running') = (finished_at IS NULL)", name=op.f("ck_planning_runs_finished")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR objective IS NOT NULL", name=op.f("ck_planning_runs_done")
        ),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed')", name=op.f("ck_planning_runs_state")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_planning_runs_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_runs")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("district_code", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('center_manager', 'coordinator', 'branch_staff', 'intake_clerk', 'welfare_commissioner', 'volunteer', 'requester', 'partner_agency', 'city_officer', 'auditor', 'system_admin')",
            name=op.f("ck_roles_role"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_roles_term")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_roles_account_id")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_roles_area_code")),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_roles_district_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
    )
    op.create_index(op.f("ix_roles_account_id"), "roles", ["account_id"], unique=False)
    op.create_table(
        "volunteer_categories",
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["categories.code"],
            name=op.f("fk_volunteer_categories_category_code"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_categories_volunteer_id")
        ),
        sa.PrimaryKeyConstraint(
            "volunteer_id", "category_code", name=op.f("pk_volunteer_categories")
        ),
    )
    op.create_table(
        "volunteer_skills",
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("skill_code", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["skill_code"], ["skills.code"], name=op.f("fk_volunteer_skills_skill_code")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_skills_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "skill_code", name=op.f("pk_volunteer_skills")),
    )
    op.create_table(
        "need_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('triage', 'contact', 'note')", name=op.f("ck_need_notes_kind")
        ),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 2000", name=op.f("ck_need_notes_body")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_notes_need_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name=op.f("fk_need_notes_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_notes")),
    )
    op.create_index(op.f("ix_need_notes_need_id"), "need_notes", ["need_id"], unique=False)
    op.create_table(
        "need_occurrences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headcount", sa.BigInteger(), nullable=False),
        sa.Column("filled", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR filled = 0",
            name=op.f("ck_need_occurrences_cancelled_is_empty"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_need_occurrences_interval")),
        sa.CheckConstraint(
            "filled BETWEEN 0 AND headcount", name=op.f("ck_need_occurrences_seats")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_occurrences_need_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_occurrences")),
        sa.UniqueConstraint(
            "id", "need_id", "starts_at", "ends_at", name="uq_need_occurrences_visit"
        ),
    )
    op.create_index(
        "ix_need_occurrences_starts_at",
        "need_occurrences",
        ["starts_at"],
        unique=False,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_index(
        "uq_need_occurrences_period",
        "need_occurrences",
        ["need_id", "period_on"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "need_outcomes",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("visits", sa.BigInteger(), nullable=False),
        sa.Column("eligible_count", sa.BigInteger(), nullable=False),
        sa.Column("excluded", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unplaced", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("need_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_outcomes_need_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["planning_runs.id"], name=op.f("fk_need_outcomes_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "need_id", name=op.f("pk_need_outcomes")),
    )
    op.create_index(op.f("ix_need_outcomes_need_id"), "need_outcomes", ["need_id"], unique=False)
    op.create_table(
        "need_skills",
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("skill_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_skills_need_id")),
        sa.ForeignKeyConstraint(
            ["skill_code"], ["skills.code"], name=op.f("fk_need_skills_skill_code")
        ),
        sa.PrimaryKeyConstraint("need_id", "skill_code", name=op.f("pk_need_skills")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("need_id", sa.BigInteger(), nullable=True),
        sa.Column("need_reference", sa.String(), nullable=True),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("factors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("km", sa.Double(), nullable=True),
        sa.Column("travel_minutes", sa.BigInteger(), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("slots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uncertain", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("visit_minutes", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('suggested', 'selected', 'contacted', 'accepted', 'declined', 'no_response', 'cancelled', 'superseded')",
            name=op.f("ck_proposals_state"),
        ),
        sa.CheckConstraint(
            "state IN ('suggested', 'superseded') OR run_id IS NULL OR decided_by_id IS NOT NULL",
            name=op.f("ck_proposals_named_coordinator"),
        ),
        sa.CheckConstraint(
            "(run_id IS NULL) OR (need_id IS NOT NULL)", name=op.f("ck_proposals_need")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1000", name=op.f("ck_proposals_score")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_proposals_category_code")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_proposals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_proposals_need_id")),
        sa.ForeignKeyConstraint(["run_id"], ["planning_runs.id"], name=op.f("fk_proposals_run_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_proposals_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("reference", name=op.f("uq_proposals_reference")),
    )
    op.create_index("ix_proposals_need", "proposals", ["need_id", "state", "rank"], unique=False)
    op.create_index(op.f("ix_proposals_run_id"), "proposals", ["run_id"], unique=False)
    op.create_index(
        "ix_proposals_volunteer", "proposals", ["volunteer_id", "proposed_at"], unique=False
    )
    op.create_index(
        "uq_proposals_open",
        "proposals",
        ["need_id", "volunteer_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('suggested', 'selected', 'contacted')"),
    )
    op.create_table(
        "placements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("occurrence_id", sa.BigInteger(), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("proposal_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("busy", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("volunteer_id"), "="),
            (sa.column("busy"), "&&"),
            where=sa.text("state <> 'cancelled'"),
            using="gist",
            name="ex_placements_double_booking",
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL AND cancelled_by_id IS NOT NULL)",
            name=op.f("ck_placements_cancelled"),
        ),
        sa.CheckConstraint(
            "lower(busy) = starts_at AND upper(busy) >= ends_at + interval '5 minutes'",
            name=op.f("ck_placements_busy"),
        ),
        sa.CheckConstraint(
            "state IN ('confirmed', 'cancelled', 'done')", name=op.f("ck_placements_state")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_placements_interval")),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["accounts.id"], name=op.f("fk_placements_cancelled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_placements_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_placements_need_id")),
        sa.ForeignKeyConstraint(
            ["occurrence_id", "need_id", "starts_at", "ends_at"],
            [
                "need_occurrences.id",
                "need_occurrences.need_id",
                "need_occurrences.starts_at",
                "need_occurrences.ends_at",
            ],
            name="fk_placements_visit",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_placements_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_placements_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    op.create_index(op.f("ix_placements_need_id"), "placements", ["need_id"], unique=False)
    op.create_index(
        op.f("ix_placements_occurrence_id"), "placements", ["occurrence_id"], unique=False
    )
    op.create_index(
        "ix_placements_volunteer", "placements", ["volunteer_id", "starts_at"], unique=False
    )
    op.create_index(
        "uq_placements_seat",
        "placements",
        ["occurrence_id", "volunteer_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_placements_seat",
        table_name="placements",
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.drop_index("ix_placements_volunteer", table_name="placements")
    op.drop_index(op.f("ix_placements_occurrence_id"), table_name="placements")
    op.drop_index(op.f("ix_placements_need_id"), table_name="placements")
    op.drop_table("placements")
    op.drop_index(
        "uq_proposals_open",
        table_name="proposals",
        postgresql_where=sa.text("state IN ('suggested', 'selected', 'contacted')"),
    )
    op.drop_index("ix_proposals_volunteer", table_name="proposals")
    op.drop_index(op.f("ix_proposals_run_id"), table_name="proposals")
    op.drop_index("ix_proposals_need", table_name="proposals")
    op.drop_table("proposals")
    op.drop_table("need_skills")
    op.drop_index(op.f("ix_need_outcomes_need_id"), table_name="need_outcomes")
    op.drop_table("need_outcomes")
    op.drop_index(
        "uq_need_occurrences_period",
        table_name="need_occurrences",
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index(
        "ix_need_occurrences_starts_at",
        table_name="need_occurrences",
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_table("need_occurrences")
    op.drop_index(op.f("ix_need_notes_need_id"), table_name="need_notes")
    op.drop_table("need_notes")
    op.drop_table("volunteer_skills")
    op.drop_table("volunteer_categories")
    op.drop_index(op.f("ix_roles_account_id"), table_name="roles")
    op.drop_table("roles")
    op.drop_table("planning_runs")
    op.drop_index("ix_needs_state", table_name="needs")
    op.drop_index(op.f("ix_needs_requester_id"), table_name="needs")
    op.drop_index(op.f("ix_needs_owner_id"), table_name="needs")
    op.drop_index(op.f("ix_needs_next_action_on"), table_name="needs")
    op.drop_index(op.f("ix_needs_area_code"), table_name="needs")
    op.drop_table("needs")
    op.drop_index(op.f("ix_login_sessions_expires_at"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_account_id"), table_name="login_sessions")
    op.drop_table("login_sessions")
    op.drop_table("days_off")
    op.drop_index("ix_consents_person", table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("ix_blocks_other_person_id"), table_name="blocks")
    op.drop_table("blocks")
    op.drop_table("availability_slots")
    op.drop_table("welfare_commissioners")
    op.drop_index(op.f("ix_volunteers_group_id"), table_name="volunteers")
    op.drop_table("volunteers")
    op.drop_table("accounts")
    op.drop_index(op.f("ix_postal_towns_postal_code"), table_name="postal_towns")
    op.drop_table("postal_towns")
    op.drop_index(op.f("ix_persons_phone"), table_name="persons")
    op.drop_index(op.f("ix_persons_name_key"), table_name="persons")
    op.drop_index(op.f("ix_persons_area_code"), table_name="persons")
    op.drop_table("persons")
    op.drop_index(op.f("ix_volunteer_groups_name_key"), table_name="volunteer_groups")
    op.drop_table("volunteer_groups")
    op.drop_index(op.f("ix_districts_area_code"), table_name="districts")
    op.drop_table("districts")
    op.drop_table("area_travel")
    op.drop_table("skills")
    op.drop_table("replies")
    op.drop_index(
        "uq_outbox_jobs_merge",
        table_name="outbox_jobs",
        postgresql_where=sa.text("state = 'pending' AND published_at IS NULL"),
    )
    op.drop_index(
        "ix_outbox_jobs_due",
        table_name="outbox_jobs",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_table("outbox_jobs")
    op.drop_index("ix_events_subject", table_name="events")
    op.drop_index("ix_events_occurred_at", table_name="events")
    op.drop_table("events")
    op.drop_table("categories")
    op.drop_table("areas")
