"""Tables of what was said: each attempt to reach somebody, and the links by which they answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matching.coordination.rules import CHANNELS, CONTACT_OUTCOMES
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified


class Contact(Identified, Base):
    """One attempt to reach a person about a need: by whom, how, and what came of it.

    Words that were said are a note of the need; this row holds codes only.
    """

    __tablename__ = "contacts"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    channel: Mapped[str]
    outcome: Mapped[str]
    note_id: Mapped[int | None] = mapped_column(ForeignKey("need_notes.id"))
    contacted_at: Mapped[datetime]
    contacted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("outcome", CONTACT_OUTCOMES), name="outcome"),
    )


class AnswerLink(Base):
    """A link by which somebody answers an offer without signing in; used once, kept as digest."""

    __tablename__ = "answer_links"
    digest: Mapped[str] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_answer_links_proposal", "proposal_id"),)
