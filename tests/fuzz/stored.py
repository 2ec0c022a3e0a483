"""What no row may hold, whoever wrote it: control characters, endless text, impossible days."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Date, String, Text, select
from sqlalchemy.orm import Session

from matching.kernel.database import Base
from matching.kernel.sealed import SealedRow

CONTROL = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n", "\t", "\r"}
LONGEST = 20_000
YEARS = range(1850, 2201)
# Digests, tokens and whole answers of ours: nobody types into them.
OURS = {"replies", "login_sessions", "outbox_jobs", "events"}


def troubles(session: Session) -> Iterator[str]:
    """Name every column with a value that must not be there."""
    for table in Base.metadata.sorted_tables:
        if table.name in OURS:
            continue
        columns = [c for c in table.columns if isinstance(c.type, String | Text | Date)]
        columns = [c for c in columns if c.type.python_type is not bytes]
        for row in session.execute(select(*columns)).mappings() if columns else ():
            yield from _wrong(table.name, dict(row))
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, SealedRow):
            yield from _sealed(session, mapper.class_)


def _sealed(session: Session, model: type[SealedRow]) -> Iterator[str]:
    names = [name for name in vars(model) if type(vars(model)[name]).__name__ == "Sealed"]
    for row in session.scalars(select(model)):
        yield from _wrong(model.__name__, {name: getattr(row, name) for name in names})


def _wrong(where: str, row: dict[str, object]) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, str):
            if not CONTROL.isdisjoint(value):
                yield f"{where}.{name} holds a control character"
            if len(value) > LONGEST:
                yield f"{where}.{name} holds {len(value)} characters"
        elif value is not None and getattr(value, "year", 2000) not in YEARS:
            yield f"{where}.{name} holds the year {getattr(value, 'year', '')}"
