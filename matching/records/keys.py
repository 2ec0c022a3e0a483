"""Keys: which are in use, and changing them while requests run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Column, Table, func, select, update
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.database import Base
from matching.kernel.keyring import new_line, ring
from matching.kernel.person_keys import PersonKey, is_personal, unwrapped, wrapped
from matching.kernel.sealed import SealedRow, place_of
from matching.kernel.sealing import Unreadable, key_id_of, open_sealed, ring_key, seal

BATCH = 500
Work = Callable[[Callable[[Session], int]], int]
"""Runs one step in a transaction of its own and returns what it counts."""


def status(session: Session) -> dict[str, Any]:
    """Count what each key of the file still opens, newest key first."""
    counts = wrapped_by(session)
    own = _own_fields(session)
    keys = ring()
    known = {
        key_id: {
            "person_keys": counts.get(key_id, 0),
            "fields": own.get(key_id, 0),
            "writes": key_id == keys.newest("field"),
        }
        for key_id in keys.keys["field"]
    }
    lost = sorted((set(counts) | set(own)) - set(known))
    return {"keys": known, "missing": lost, "index": keys.newest("index")}


def wrapped_by(session: Session) -> dict[str, int]:
    """Count data keys by the key that wraps them."""
    counted = select(PersonKey.kek_id, func.count()).group_by(PersonKey.kek_id)
    return {row[0]: int(row[1]) for row in session.execute(counted)}


def _own_fields(session: Session) -> Mapping[str, int]:
    """Count the fields that belong to nobody in particular by the key that seals them."""
    found: Counter[str] = Counter()
    for column in sealed_columns():
        key_id = func.split_part(column, ".", 2)
        rows = session.execute(
            select(key_id, func.count()).where(column.is_not(None)).group_by(key_id)
        )
        found.update({row[0]: row[1] for row in rows if not is_personal(row[0])})
    return found


def sealed_columns() -> list[Column[str]]:
    """Return every sealed column of every table."""
    return [
        cast(Table, mapper.local_table).c[name]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, SealedRow)
        for name in mapper.class_.sealed
    ]


def add_key(path: Path, use: str = "field") -> None:
    """Put a new key first in the key file, replaced in one step and readable by us only."""
    lines = path.read_text("utf-8").splitlines()
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join([new_line(use), *lines]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def rotate(work: Work, actor: Actor, now: datetime) -> dict[str, int]:
    """Bring everything under the newest key, in small steps beside running requests.

    The old key stays in the file until `status` counts nothing under it.
    """
    newest = ring().newest("field")
    counts = {"person_keys": _repeat(work, lambda session: _rewrap(session, newest)), "fields": 0}
    for column in sealed_columns():
        counts["fields"] += _repeat(work, partial(_reseal, column=column, newest=newest))

    def note(session: Session) -> int:
        audit.record(session, actor, now, "keys_rotated", "key", None, key=newest, **counts)
        return 0

    work(note)
    return counts


def _repeat(work: Work, step: Callable[[Session], int]) -> int:
    total = 0
    while done := work(step):
        total += done
    return total


def _rewrap(session: Session, newest: str) -> int:
    """Wrap some data keys anew; the key itself stays, so nothing sealed with it changes."""
    rows = session.execute(
        select(PersonKey.id, PersonKey.wrapped)
        .where(PersonKey.kek_id != newest, PersonKey.kek_id.in_(list(ring().keys["field"])))
        .order_by(PersonKey.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for number, token in rows:
        fresh = wrapped(number, unwrapped(number, token), newest)
        session.execute(
            update(PersonKey).where(PersonKey.id == number).values(kek_id=newest, wrapped=fresh)
        )
    return len(rows)


def _reseal(session: Session, column: Column[str], newest: str) -> int:
    """Seal some fields that belong to nobody anew, where they are still what we read."""
    table = column.table
    older = [key_id for key_id in ring().keys["field"] if key_id != newest]
    rows = session.execute(
        select(table.c.id, column)
        .where(func.split_part(column, ".", 2).in_(older))
        .order_by(table.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    written = 0
    for number, token in rows:
        place = place_of(table.name, column.name, number)
        try:
            plain = open_sealed(token, ring_key(key_id_of(token)), place)
        except Unreadable:
            continue  # the page that shows it says so
        fresh = {column.name: seal(plain, ring_key(newest), newest, place)}
        unchanged = (table.c.id == number) & (column == token)
        session.execute(update(table).where(unchanged).values(fresh))
        written += 1
    return written
