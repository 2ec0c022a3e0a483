"""Phones, addresses and notes sealed, a data key for every person, indexes for exact search."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from matching.kernel import clock
from matching.kernel.keyring import KEY_BYTES, ring
from matching.kernel.sealing import (
    email_index,
    key_id_of,
    open_sealed,
    phone_index,
    ring_key,
    seal,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# table -> what tells the person whose key seals, and its sealed columns
SEALED = {
    "persons": ("t.id", ("address", "phone", "mobile", "email")),
    "volunteers": ("t.person_id", ("note",)),
    "volunteer_groups": ("NULL", ("phone", "email", "address", "note")),
    "needs": ("t.requester_id", ("proxy_phone", "address", "note")),
    "need_notes": ("(SELECT requester_id FROM needs n WHERE n.id = t.need_id)", ("body",)),
}
INDEXED = {
    "persons": {"phone": phone_index, "mobile": phone_index, "email": email_index},
    "volunteer_groups": {"phone": phone_index, "email": email_index},
}
BODY = "length(body) BETWEEN 1 AND 2000"


def upgrade() -> None:
    _make_person_keys()
    op.drop_index("ix_persons_phone", "persons")
    op.drop_constraint("ck_need_notes_body", "need_notes")
    for table, columns in INDEXED.items():
        for column in columns:
            op.add_column(table, sa.Column(f"{column}_index", sa.String()))
            op.create_index(f"ix_{table}_{column}_index", table, [f"{column}_index"])
    _seal_all()
    # The checks below look at what was written just now.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, (_, columns) in SEALED.items():
        for column in columns:
            op.create_check_constraint(
                op.f(f"ck_{table}_{column}_sealed"), table, f"{column} LIKE 'v1.%'"
            )


def downgrade() -> None:
    for table, (_, columns) in SEALED.items():
        for column in columns:
            op.drop_constraint(op.f(f"ck_{table}_{column}_sealed"), table)
    _open_all()
    for table, columns in INDEXED.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}_index", table)
            op.drop_column(table, f"{column}_index")
    op.create_check_constraint(op.f("ck_need_notes_body"), "need_notes", BODY)
    op.create_index("ix_persons_phone", "persons", ["phone"])
    op.drop_table("person_keys")


def _make_person_keys() -> None:
    op.create_table(
        "person_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kek_id", sa.String(), nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("wrapped LIKE 'v1.%'", name=op.f("ck_person_keys_wrapped")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["persons.id"],
            name=op.f("fk_person_keys_person_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_keys")),
    )
    op.create_index(op.f("ix_person_keys_person_id"), "person_keys", ["person_id"])
    op.create_index(op.f("ix_person_keys_kek_id"), "person_keys", ["kek_id"])
    op.create_index(
        "uq_person_keys_person",
        "person_keys",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def _rows(table: str) -> Iterator[dict[str, Any]]:
    owner, columns = SEALED[table]
    query = f"SELECT t.id, {owner} AS owner, {', '.join(columns)} FROM {table} t"
    yield from map(dict, op.get_bind().execute(sa.text(query)).mappings().all())


def _write(table: str, number: int, values: dict[str, Any]) -> None:
    if values:
        told = ", ".join(f"{name} = :{name}" for name in values)
        statement = sa.text(f"UPDATE {table} SET {told} WHERE id = :number")
        op.get_bind().execute(statement, {**values, "number": number})


def _seal_all() -> None:
    keys: dict[int, tuple[str, bytes]] = {}
    for table, (_, columns) in SEALED.items():
        indexes = INDEXED.get(table, {})
        for row in _rows(table):
            values = {}
            for name in columns:
                if row[name] is not None:
                    key_id, key = _key_of(row["owner"], keys)
                    values[name] = seal(row[name], key, key_id, f"{table}|{name}|{row['id']}")
                    if name in indexes:
                        values[f"{name}_index"] = indexes[name](row[name])
            _write(table, row["id"], values)


def _key_of(person_id: int | None, keys: dict[int, tuple[str, bytes]]) -> tuple[str, bytes]:
    kek_id = ring().newest("field")
    if person_id is None:
        return kek_id, ring_key(kek_id)
    if person_id not in keys:
        made = sa.text("SELECT nextval(pg_get_serial_sequence('person_keys', 'id'))")
        number, key = op.get_bind().execute(made).scalar_one(), secrets.token_bytes(KEY_BYTES)
        place = f"person_keys|wrapped|{number}"
        written = base64.b64encode(key).decode()
        op.get_bind().execute(
            sa.text("INSERT INTO person_keys VALUES (:id, :person, :kek, :wrapped, :now)"),
            {
                "id": number,
                "person": person_id,
                "kek": kek_id,
                "wrapped": seal(written, ring_key(kek_id, "wrapping"), kek_id, place),
                "now": clock.now(),
            },
        )
        keys[person_id] = (f"p{number}", key)
    return keys[person_id]


def _open_all() -> None:
    query = sa.text("SELECT id, kek_id, wrapped FROM person_keys")
    keys = {
        f"p{number}": base64.b64decode(
            open_sealed(wrapped, ring_key(kek_id, "wrapping"), f"person_keys|wrapped|{number}")
        )
        for number, kek_id, wrapped in op.get_bind().execute(query)
    }
    for table, (_, columns) in SEALED.items():
        for row in _rows(table):
            values = {}
            for name in columns:
                if (token := row[name]) is not None:
                    key_id = key_id_of(token)
                    key = keys[key_id] if key_id in keys else ring_key(key_id)
                    values[name] = open_sealed(token, key, f"{table}|{name}|{row['id']}")
            _write(table, row["id"], values)
