"""Tables of what gateways tell us: friends on LINE, codes that link them, events already heard."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base, Identified
from matching.kernel.sealed import Sealed, SealedRow
from matching.kernel.sealing import line_index


class LineFriend(SealedRow, Identified, Base):
    """Somebody who follows the centre on LINE; a person only once they sent their code."""

    __tablename__ = "line_friends"
    user_id = Sealed[str](index=line_index, required=True, limit=100)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), unique=True)
    followed_at: Mapped[datetime]
    linked_at: Mapped[datetime | None]
    unfollowed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) = (linked_at IS NULL)", name="linked"),
        Index("uq_line_friends_user", "user_id_index", unique=True),
    )


class LineCode(Base):
    """A code that a person sends by LINE to say who they are; used once, kept as digest."""

    __tablename__ = "line_codes"
    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HookEvent(Base):
    """An event that a gateway told us of: heard once, whatever is sent twice."""

    __tablename__ = "hook_events"
    key: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
