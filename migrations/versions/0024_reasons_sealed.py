"""Why visits are called off, pairs ruled out and people kept apart: sealed as other free text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from matching.kernel.person_keys import keys_of

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ASKED = "(SELECT requester_id FROM needs n WHERE n.id = t.need_id)"
# table, column, and whose key seals it; what belongs to two people is under the centre's
SEALED = (
    ("placements", "cancel_reason", ASKED),
    ("pair_rules", "reason", ASKED),
    ("blocks", "reason", "CAST(NULL AS bigint)"),
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_pair_rules_forbid_has_a_reason"), "pair_rules")
    op.alter_column("pair_rules", "reason", existing_type=sa.String(), nullable=True)
    session = Session(bind=op.get_bind())
    for table, column, owner in SEALED:
        for number, person_id, text in _rows(session, table, column, owner):
            sealed = keys_of(session).seal(text, person_id, f"{table}|{column}|{number}")
            _write(session, table, column, number, sealed)
    # The checks below look at what was written just now.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, column, _owner in SEALED:
        name = op.f(f"ck_{table}_{column}_sealed")
        op.create_check_constraint(name, table, f"{column} LIKE 'v1.%'")


def downgrade() -> None:
    for table, column, _owner in SEALED:
        op.drop_constraint(op.f(f"ck_{table}_{column}_sealed"), table)
    session = Session(bind=op.get_bind())
    for table, column, owner in SEALED:
        for number, _person, token in _rows(session, table, column, owner):
            plain = keys_of(session).open(token, f"{table}|{column}|{number}")
            _write(session, table, column, number, plain)
    session.execute(sa.text("UPDATE pair_rules SET reason = '-' WHERE coalesce(reason, '') = ''"))
    op.alter_column("pair_rules", "reason", existing_type=sa.String(), nullable=False)
    op.create_check_constraint(
        op.f("ck_pair_rules_forbid_has_a_reason"), "pair_rules", "kind = 'lock' OR reason <> ''"
    )


def _rows(session: Session, table: str, column: str, owner: str) -> list[tuple[int, int, str]]:
    query = f"SELECT t.id, {owner}, t.{column} FROM {table} t WHERE t.{column} IS NOT NULL"
    return [(row[0], row[1], row[2]) for row in session.execute(sa.text(query))]


def _write(session: Session, table: str, column: str, number: int, text: str) -> None:
    statement = sa.text(f"UPDATE {table} SET {column} = :text WHERE id = :number")
    session.execute(statement, {"text": text, "number": number})
