"""Plans that are repaired: what kind a run was, what it changed, what would open the rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "planning_runs", sa.Column("kind", sa.String(), server_default="full", nullable=False)
    )
    op.add_column("planning_runs", sa.Column("previous_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_planning_runs_previous_id_planning_runs"),
        "planning_runs",
        "planning_runs",
        ["previous_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_planning_runs_kind"), "planning_runs", "kind IN ('full', 'repair')"
    )
    op.add_column(
        "need_outcomes", sa.Column("digest", sa.String(), server_default="", nullable=False)
    )
    op.create_table(
        "plan_changes",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("start_minutes", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("way IN ('came', 'left')", name=op.f("ck_plan_changes_way")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["planning_runs.id"], name=op.f("fk_plan_changes_run_id_planning_runs")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_plan_changes_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_plan_changes_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_plan_changes")),
    )
    op.create_table(
        "plan_openers",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("weekday", sa.BigInteger(), nullable=False),
        sa.Column("half", sa.String(), nullable=False),
        sa.Column("car", sa.Boolean(), nullable=False),
        sa.Column("skill_code", sa.String(), nullable=True),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.Column("needs", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("half IN ('am', 'pm')", name=op.f("ck_plan_openers_half")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_plan_openers_weekday")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_plan_openers_seats")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["planning_runs.id"], name=op.f("fk_plan_openers_run_id_planning_runs")
        ),
        sa.ForeignKeyConstraint(
            ["area_code"], ["areas.code"], name=op.f("fk_plan_openers_area_code_areas")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_plan_openers")),
    )
    op.create_table(
        "plan_progress",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plan_progress")),
    )
    op.add_column(
        "area_travel", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("area_travel", "version")
    op.drop_table("plan_progress")
    op.drop_table("plan_openers")
    op.drop_table("plan_changes")
    op.drop_column("need_outcomes", "digest")
    op.drop_constraint(op.f("ck_planning_runs_kind"), "planning_runs")
    op.drop_constraint(op.f("fk_planning_runs_previous_id_planning_runs"), "planning_runs")
    op.drop_column("planning_runs", "previous_id")
    op.drop_column("planning_runs", "kind")
