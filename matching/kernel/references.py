"""Numbers that people read out on the phone: counted by the database, never used twice."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, text
from sqlalchemy.orm import InstrumentedAttribute, Session


def next_reference(
    session: Session,
    sequence: str,
    column: InstrumentedAttribute[str],
    write: Callable[[int], str],
) -> str:
    """Return the next free number of a sequence; numbers that a sheet brought are passed over."""
    while True:
        count = session.scalar(text("SELECT nextval(:name)"), {"name": sequence})
        reference = write(int(count or 0))
        if session.scalar(select(column).where(column == reference)) is None:
            return reference
