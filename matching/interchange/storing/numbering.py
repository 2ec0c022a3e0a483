"""Numbers for rows that brought none, passing over those that sheets have used."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session


class Numbers:
    """Counts on from the database's sequence of one kind of row."""

    def __init__(
        self, session: Session, sequence: str, taken: Collection[str], write: Callable[[int], str]
    ) -> None:
        self._session, self._sequence = session, sequence
        self._taken, self._write = taken, write

    def next(self) -> str:
        """The next number that no row has."""
        while True:
            count = self._session.scalar(text("SELECT nextval(:name)"), {"name": self._sequence})
            reference = self._write(int(count or 0))
            if reference not in self._taken:
                return reference


def ids_by_reference(session: Session, model: Any) -> dict[str, int]:
    """The id of every row of a table by its number."""
    found = session.execute(select(model.reference, model.id))
    return {row.reference: row.id for row in found}
