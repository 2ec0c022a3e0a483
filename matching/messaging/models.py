"""Tables of messages: one row a person is told something; each attempt; addresses that failed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.messaging.rules import BY_HAND, CHANNELS, GATEWAYS, KINDS, STATES

OUTCOMES = ("begun", "sent", "later", "refused", "away", "bounced", "delivered", "by_hand")


class Message(Identified, Base):
    """Something one person is told; the words are made from `kind` and subject when shown or sent.

    `key` names the occasion, so that a job that runs twice makes one message. `ref` is the name
    it bears outside, the same at every attempt, so that a second copy is known as one.
    """

    __tablename__ = "messages"
    key: Mapped[str] = mapped_column(unique=True)
    ref: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid.uuid4()))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placements.id"))
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    provider_ref: Mapped[str | None] = mapped_column(index=True)
    failure: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("num_nonnulls(proposal_id, placement_id) = 1", name="occasion"),
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("(state IN ('sent', 'bounced')) = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint(
            f"handled_by_id IS NULL OR {one_of('channel', BY_HAND)}", name="handled_by"
        ),
        Index("ix_messages_person", "person_id", "id"),
        Index("ix_messages_open", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_messages_proposal", "proposal_id"),
        Index("ix_messages_placement", "placement_id"),
    )


class MessageAttempt(Identified, Base):
    """One attempt to bring a message out, and what came of it: codes only, never an address."""

    __tablename__ = "message_attempts"
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    channel: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str | None]
    happened_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
    )


class BadAddress(Identified, Base):
    """An address at which a person is not reached; `mark` is its blind index.

    Another address of the same person is good again; so is this one once it is `cleared_at`.
    """

    __tablename__ = "bad_addresses"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    channel: Mapped[str]
    mark: Mapped[str]
    reason: Mapped[str]
    noted_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(one_of("channel", GATEWAYS), name="channel"),
        Index(
            "uq_bad_addresses_mark",
            "person_id",
            "channel",
            "mark",
            unique=True,
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )


class GatewayPause(Base):
    """A gateway that does not answer, or asked us to wait: nothing is tried before `until`."""

    __tablename__ = "gateway_pauses"
    channel: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str]
    since_at: Mapped[datetime]
    until_at: Mapped[datetime]
    __table_args__ = (CheckConstraint(one_of("channel", GATEWAYS), name="channel"),)
