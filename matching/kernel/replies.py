"""First answers kept: the same form sent twice gives the first result again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.database import Base


class Reply(Base):
    """What a `request_key` led to: the address of the first result."""

    __tablename__ = "replies"
    request_key: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    result: Mapped[str | None]


def once(session: Session, request_key: str, now: datetime, act: Callable[[], str]) -> str:
    """Run `act` for a key seen for the first time; else return what it returned then.

    The row of the key is locked until the end of the transaction, so a double tap waits for
    the first and then reads its result.
    """
    fresh = session.execute(
        insert(Reply)
        .values(request_key=request_key, created_at=now)
        .on_conflict_do_nothing()
        .returning(Reply.request_key)
    ).scalar()
    if fresh is None:
        earlier = session.scalar(select(Reply.result).where(Reply.request_key == request_key))
        return earlier or ""
    result = act()
    row = session.get_one(Reply, request_key)
    row.result = result
    return result
