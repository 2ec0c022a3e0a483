"""Guarded changes of state: one row, from the state we saw, or a clean conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.kernel.database import Base
from matching.kernel.errors import Conflict

Transitions = Mapping[str, frozenset[str]]
REFUSED_BY_RULE = "23000"  # what our own triggers raise; keys and checks have numbers of their own


def check(table: Transitions, before: str, after: str, sentence: str) -> None:
    """Refuse a change that the transition table does not name."""
    if after not in table[before]:
        raise Conflict(sentence, code="state")


def move(
    session: Session, row: Base, table: Transitions, after: str, sentence: str, **columns: Any
) -> None:
    """Bring a row to its next state if it still is where we saw it; raises Conflict otherwise.

    Also where the database has the last word: of people on hold nothing goes on.
    """
    model: Any = type(row)
    seen: Any = row  # every model with a state has an id and a version as well
    check(table, seen.state, after, sentence)
    change = (
        update(model)
        .where(model.id == seen.id, model.state == seen.state, model.version == seen.version)
        .values(state=after, version=seen.version + 1, **columns)
        .execution_options(synchronize_session="fetch")
    )
    try:
        changed = session.execute(change)
    except IntegrityError as refused:
        if getattr(refused.orig, "sqlstate", None) == REFUSED_BY_RULE:
            raise Conflict(sentence, code="barred") from refused
        raise
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(sentence, code="state")
