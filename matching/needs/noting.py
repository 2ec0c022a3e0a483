"""Noting: what staff say about a need, kept in its story."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.needs.models import NeedNote


def note_down(
    session: Session, need_id: int, kind: str, said: str, actor: Actor, now: datetime
) -> int | None:
    """Keep what was said and return its number for the audit trail, which holds no text."""
    if not said.strip():
        return None
    note = NeedNote(
        need_id=need_id,
        written_at=now,
        written_by_id=actor.account_id,
        kind=kind,
        body=said.strip(),
    )
    session.add(note)
    session.flush()
    return note.id
