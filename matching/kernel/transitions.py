"""Guarded changes of state: one row, from the state we saw, or a clean conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session

from matching.kernel.errors import Conflict

Transitions = Mapping[str, frozenset[str]]


class Stateful(Protocol):
    """A row with a number, a state and a version."""

    id: Mapped[int]
    state: Mapped[str]
    version: Mapped[int]


def check(table: Transitions, before: str, after: str, sentence: str) -> None:
    """Refuse a change that the transition table does not name."""
    if after not in table[before]:
        raise Conflict(sentence, code="state")


def move(
    session: Session, row: Stateful, table: Transitions, after: str, sentence: str, **columns: Any
) -> None:
    """Bring a row to its next state if it still is where we saw it; raises Conflict otherwise."""
    model: Any = type(row)
    check(table, row.state, after, sentence)
    changed = session.execute(
        update(model)
        .where(model.id == row.id, model.state == row.state, model.version == row.version)
        .values(state=after, version=row.version + 1, **columns)
        .execution_options(synchronize_session="fetch")
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(sentence, code="state")
