"""Tables of trust: who speaks for whom, whom nothing reaches, who must be protected."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.kernel.sealed import Sealed, SealedRow
from matching.people.rules import AUTHORITIES, HOLDS, REVEAL_STATES


class Representation(SealedRow, Identified, Base):
    """Somebody who speaks for a person, on what ground, for which purposes and until when."""

    __tablename__ = "representations"
    key_owner = "person_id"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    authority: Mapped[str]
    representative_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str]
    relation: Mapped[str | None]
    phone = Sealed[str | None](limit=100)
    scope = Sealed[str](required=True, limit=2000)
    purposes: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    document_seen_on: Mapped[date | None]
    supervised_since: Mapped[date | None]
    person_knows: Mapped[bool | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("authority", AUTHORITIES), name="authority"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint("representative_id <> person_id", name="two_people"),
    )


class GuardianConsent(SealedRow, Identified, Base):
    """A guardian's consent to a minor's volunteering, good to the end of a fiscal year (BR-10)."""

    __tablename__ = "guardian_consents"
    key_owner = "person_id"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    name: Mapped[str]
    relation: Mapped[str]
    phone = Sealed[str](required=True, limit=100)
    method: Mapped[str]
    scope = Sealed[str](required=True, limit=2000)
    agreed_on: Mapped[date]
    valid_until: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("method IN ('web', 'paper', 'oral')", name="method"),
        CheckConstraint("valid_until >= agreed_on", name="term"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
    )


class PersonHold(Identified, Base):
    """A person whom nothing reaches: no proposals, no messages, no visits while it lasts.

    Planning, confirming and messaging read it (`standstill.held`) under the lock of proposals.
    """

    __tablename__ = "person_holds"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    reason: Mapped[str]
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("reason", HOLDS), name="reason"),
        Index(
            "uq_person_holds_running",
            "person_id",
            "reason",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Shield(SealedRow, Identified, Base):
    """A person whose address never leaves a few named staff, for instance because of violence."""

    __tablename__ = "shields"
    key_owner = "person_id"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    reason = Sealed[str](required=True, limit=2000)
    meeting_point: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class ShieldKeeper(Base):
    """One of the at most three staff who may know where a shielded person lives."""

    __tablename__ = "shield_keepers"
    person_id: Mapped[int] = mapped_column(ForeignKey("shields.person_id"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint("place BETWEEN 1 AND 3", name="at_most_three"),
        Index("uq_shield_keepers_account", "person_id", "account_id", unique=True),
    )


class RevealRequest(Identified, Base):
    """More contacts than the quota of a month: a second coordinator says yes or no (T1)."""

    __tablename__ = "reveal_requests"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint(one_of("state", REVEAL_STATES), name="state"),
        CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL) AND (state = 'asked') = "
            "(decided_by_id IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by_id <> account_id", name="second_person"),
        Index("ix_reveal_requests_account", "account_id", "person_id", "id"),
    )


class Acquaintance(Identified, Base):
    """Two people who know each other; some residents would rather be helped by a stranger."""

    __tablename__ = "acquaintances"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    other_person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    relation: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint("relation IN ('family', 'acquaintance')", name="relation"),
        CheckConstraint("person_id <> other_person_id", name="two_people"),
        Index("uq_acquaintances_pair", "person_id", "other_person_id", unique=True),
    )


class Wish(Base):
    """What a person wants of who comes: strangers only (T3)."""

    __tablename__ = "wishes"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    no_acquaintances: Mapped[bool]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class RegistrationHold(Base):
    """A registration that looks like somebody with a block; nothing goes on until it is decided.

    The blocks of `like_person_id` count for the new person from the first moment.
    """

    __tablename__ = "registration_holds"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    like_person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    held_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        CheckConstraint("decision IN ('same', 'another')", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = "
            "(decided_by_id IS NULL)",
            name="decided",
        ),
    )


class SafeguardingMember(Base):
    """Somebody named beside the managers; `place` is the order of the phone list."""

    __tablename__ = "safeguarding_members"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    place: Mapped[int]
    named_at: Mapped[datetime]
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
