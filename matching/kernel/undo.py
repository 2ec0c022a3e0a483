"""Undoing one's own last act: offered once, for minutes, while nothing has come of it yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified
from matching.kernel.errors import Conflict, NotFound

LIMIT = timedelta(minutes=10)
USED = "もう元に戻してあります。"
OVER = "元に戻せるのは10分までです。いまの内容をたしかめて、必要なら変更してください。"
CHANGED = "そのあとに変わったため、元に戻せません。いまの内容をたしかめてください。"


class Undo(Identified, Base):
    """What an act was and how its row stood before; `version` is that of the row after it.

    `before` holds ids, codes and times, never names or free text.
    """

    __tablename__ = "undos"
    account_id: Mapped[int]
    kind: Mapped[str]
    subject_id: Mapped[int]
    version: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    until_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]


def offer(
    session: Session,
    kind: str,
    subject_id: int,
    version: int,
    actor: Actor,
    now: datetime,
    **before: Any,
) -> int:
    """Remember how to undo an act in the transaction that does it; returns its number.

    Offers whose time is over are forgotten here, so that none outlives its day.
    """
    session.execute(delete(Undo).where(Undo.until_at < now - LIMIT))
    made = Undo(
        account_id=actor.account_id,
        kind=kind,
        subject_id=subject_id,
        version=version,
        before=before,
        until_at=now + LIMIT,
    )
    session.add(made)
    session.flush()
    return made.id


def take(session: Session, undo_id: int, actor: Actor, now: datetime) -> Undo:
    """Return one's own offer and use it up; raises Conflict where it is used or its time over."""
    mine = select(Undo).where(Undo.id == undo_id, Undo.account_id == actor.account_id)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound
    if found.undone_at is not None:
        raise Conflict(USED, code="used")
    if found.until_at < now:
        raise Conflict(OVER, code="over")
    found.undone_at = now
    audit.record(session, actor, now, "undone", found.kind, found.subject_id)
    return found
