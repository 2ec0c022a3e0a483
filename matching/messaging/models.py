"""Table of messages: one row a person is told something, shown once whatever was sent twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.messaging.rules import CHANNELS, KINDS, STATES


class Message(Identified, Base):
    """Something one person is told; the words are made from `kind` and subject when shown or sent.

    `key` names the occasion, so that a job that runs twice makes one message.
    """

    __tablename__ = "messages"
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placements.id"))
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("num_nonnulls(proposal_id, placement_id) = 1", name="occasion"),
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index("ix_messages_person", "person_id", "id"),
    )
