"""Many rows at once: a table as it is and as a sheet wants it, written in one go at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from matching.kernel.sealed import SealedRow, open_rows, seal_rows

Values = dict[str, Any]
_IDS_AT_ONCE = 1000
_ROWS_AT_ONCE = 5000


class Rows:
    """Rows of one table by id: loaded, added and changed here, written by `write`.

    A value that is not named stays as it is; a row's version rises with every change.
    """

    def __init__(self, session: Session, model: Any) -> None:
        self.known: dict[int, Values] = {}
        self._session, self._model = session, model
        self._table: Table = model.__table__
        self._seals = issubclass(model, SealedRow)
        self._added: dict[int, Values] = {}
        self._changes: defaultdict[int, Values] = defaultdict(dict)
        self._free: Iterator[int] = iter(())

    def load(self, *conditions: ColumnElement[bool]) -> None:
        """Read the rows that meet all conditions."""
        found = self._session.execute(select(self._table).where(*conditions)).mappings()
        rows = [dict(row) for row in found]
        if self._seals:
            open_rows(self._session, self._model, rows)
        self.known |= {row["id"]: row for row in rows}

    def add(self, values: Values) -> int:
        """Add a row and return its id."""
        row = {"id": self._next_id(), **values}
        self.known[row["id"]] = self._added[row["id"]] = row
        return int(row["id"])

    def change(self, row_id: int, values: Values) -> bool:
        """Change what differs; tells whether anything did."""
        row = self.known[row_id]
        changed = {
            name: value for name, value in values.items() if not _is_same(row.get(name), value)
        }
        if not changed:
            return False
        row.update(changed)
        if row_id not in self._added:
            self._changes[row_id].update(changed)
        return True

    def touch(self, row_id: int) -> None:
        """Let the row's version rise because of what hangs on it."""
        if row_id not in self._added:
            self._changes[row_id].update({})

    def write(self) -> None:
        """Write all that was added and changed."""
        copy_rows(self._session, self._table, self._sealed(self._added.values()))
        versioned = "version" in self._table.c
        updates = defaultdict(list)
        for row_id, changed in self._changes.items():
            extra = {"version": self.known[row_id].get("version", 1) + 1} if versioned else {}
            row = {"id": row_id, **self._with_owner(row_id, changed), **extra}
            updates[tuple(sorted(row))].append(row)
        for rows in updates.values():
            self._update(self._sealed(rows))
        self._added, self._changes = {}, defaultdict(dict)

    def _with_owner(self, row_id: int, changed: Values) -> Values:
        """What a change writes: with the owner of its key, whose change seals all anew."""
        owner = self._model.key_owner if self._seals else None
        if owner is None:
            return changed
        known = self.known[row_id]
        names = self._model.sealed.keys() & (known if owner in changed else changed).keys()
        return {**changed, owner: known[owner], **{name: known[name] for name in names}}

    def _sealed(self, rows: Iterable[Values]) -> list[Values]:
        return seal_rows(self._session, self._model, rows) if self._seals else list(rows)

    def _update(self, rows: Sequence[Values]) -> None:
        names = [name for name in rows[0] if name != "id"]
        if not names:
            return
        changed: Values = {name: bindparam(f"new_{name}") for name in names}
        statement = update(self._table).where(self._table.c.id == bindparam("row_id"))
        given = [{"row_id": r["id"], **{f"new_{n}": r[n] for n in names}} for r in rows]
        self._session.connection().execute(statement.values(changed), given)

    def _next_id(self) -> int:
        found = next(self._free, None)
        if found is None:
            self._free = iter(self._reserve())
            found = next(self._free)
        return found

    def _reserve(self) -> Sequence[int]:
        statement = text(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
        )
        given = {"table": self._table.name, "count": _IDS_AT_ONCE}
        return self._session.scalars(statement, given).all()


class Details:
    """Rows that hang on another, as a set of tuples per owner: skills, categories, slots."""

    def __init__(
        self,
        session: Session,
        owner: InstrumentedAttribute[int],
        *columns: InstrumentedAttribute[Any],
        said_of_new: Values | None = None,
    ) -> None:
        """`said_of_new` holds what further columns of an added row get."""
        self._session, self._owner, self._columns = session, owner, columns
        self._said_of_new = said_of_new or {}
        self._known: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
        self._added: list[tuple[int, tuple[Any, ...]]] = []
        self._removed: list[tuple[int, tuple[Any, ...]]] = []

    def load(self, owners: Sequence[int]) -> None:
        """Read the rows of these owners."""
        found = select(self._owner, *self._columns).where(self._owner.in_(owners))
        for owner, *values in self._session.execute(found):
            self._known[owner].add(tuple(values))

    def replace(self, owner: int, wanted: Iterable[tuple[Any, ...]]) -> bool:
        """Let the owner have just these; tells whether anything changes."""
        new, old = set(wanted), self._known[owner]
        self._added += [(owner, values) for values in sorted(new - old)]
        self._removed += [(owner, values) for values in sorted(old - new)]
        self._known[owner] = new
        return new != old

    def write(self) -> None:
        """Write all that was replaced."""
        names = [column.key for column in self._columns]
        if self._removed:
            gone = delete(self._owner.class_).where(self._owner == bindparam("owner"))
            for column, name in zip(self._columns, names, strict=True):
                gone = gone.where(column == bindparam(f"old_{name}"))
            keys = [f"old_{name}" for name in names]
            self._session.connection().execute(
                gone,
                [{"owner": o, **dict(zip(keys, v, strict=True))} for o, v in self._removed],
            )
        rows = [
            {self._owner.key: o, **dict(zip(names, v, strict=True)), **self._said_of_new}
            for o, v in self._added
        ]
        copy_rows(self._session, self._owner.class_.__table__, rows)
        self._added, self._removed = [], []


def _is_same(known: Any, told: Any) -> bool:
    """Whether a sheet tells what is known already; a sheet's moments have no seconds."""
    if isinstance(known, datetime) and isinstance(told, datetime):
        return known.replace(second=0, microsecond=0) == told.replace(second=0, microsecond=0)
    return bool(known == told)


def copy_rows(session: Session, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows that all name the same columns, in the session's transaction, by COPY.

    Whoever is held by row-level security may not COPY, and sends them as one batch of inserts.
    """
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    lines = [[row[name] for name in names] for row in rows]
    cursor = session.connection().connection.cursor()
    held = cursor.execute("SELECT row_security_active(%s)", (table.name,)).fetchone()
    if held and held[0]:
        places = ", ".join(["%s"] * len(names))
        insert = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'  # noqa: S608 - names of ours  # nosec B608
        cursor.executemany(insert, lines)
        return
    with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copying:
        for line in lines:
            copying.write_row(line)


def in_chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in runs short enough for one statement."""
    for start in range(0, len(values), _ROWS_AT_ONCE):
        yield values[start : start + _ROWS_AT_ONCE]
