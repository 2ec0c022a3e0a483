"""Tables of people: one person, whatever hats they wear; accounts, roles with a term, consents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.permissions import ROLES
from matching.kernel.sealed import Sealed, SealedRow
from matching.kernel.sealing import email_index, phone_index


class Person(SealedRow, Identified, Versioned, Base):
    """A person or body known to the centre; giver and receiver can be the same one.

    `name_key` is the folded name by which the same person is found again in other writing.
    """

    __tablename__ = "persons"
    key_owner = "id"
    kind: Mapped[str] = mapped_column(default="individual")
    name: Mapped[str]
    name_kana: Mapped[str | None]
    name_key: Mapped[str] = mapped_column(index=True)
    birth_on: Mapped[date | None]
    gender: Mapped[str | None]
    postal_code: Mapped[str | None]
    address = Sealed[str | None]()
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    district_code: Mapped[str | None] = mapped_column(ForeignKey("districts.code"))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    phone = Sealed[str | None](index=phone_index)
    mobile = Sealed[str | None](index=phone_index)
    email = Sealed[str | None](index=email_index)
    contact_method: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="ja", server_default="ja")
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("kind IN ('individual', 'body')", name="kind"),
        CheckConstraint("gender IN ('F', 'M', 'X')", name="gender"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="coordinates"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
    )


class Account(Identified, Versioned, Base):
    """A log-in; its rights come from its roles alone.

    Sessions opened in an earlier `epoch` are over; `factor_since` is set while it has a second
    factor; an empty `password_hash` means that its owner has not chosen a password yet.
    """

    __tablename__ = "accounts"
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), unique=True)
    display_name: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False, server_default="false")
    disabled_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    factor_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    roles: Mapped[list[Role]] = relationship(
        back_populates="account", order_by="Role.id", lazy="raise_on_sql"
    )
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    __table_args__ = (CheckConstraint("login = lower(login)", name="login_lower"),)


class Role(Identified, Base):
    """A role that an account holds for an area or district and a term (BR-30)."""

    __tablename__ = "roles"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("districts.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    account: Mapped[Account] = relationship(back_populates="roles", lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES), name="role"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),
    )


class LoginSession(Base):
    """A browser's session, kept here; the cookie holds only a random token, we its digest.

    It is over at `expires_at` when nothing is heard of it, at `ends_at` in any case.
    """

    __tablename__ = "login_sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    device: Mapped[str | None]
    id: Mapped[int] = mapped_column(Identity(), unique=True)


class Consent(Identified, Base):
    """What a person agreed to, for one purpose; the newest row of a purpose counts (BR-04).

    `agreed_on` is the day on the paper or of the talk, `witness` who heard it, `receiver` the
    agency meant, `representation_id` who spoke for the person.
    """

    __tablename__ = "consents"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    purpose: Mapped[str]
    state: Mapped[str]
    method: Mapped[str]
    text_version: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    agreed_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    witness: Mapped[str | None]
    receiver: Mapped[str | None]
    representation_id: Mapped[int | None] = mapped_column(ForeignKey("representations.id"))
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('coordination_use', 'share_with_volunteer', 'share_with_commissioner', "
            "'share_with_agency', 'statistics', 'photo_publication', 'disaster_use')",
            name="purpose",
        ),
        CheckConstraint(
            "state IN ('requested', 'given', 'refused', 'withdrawn', 'expired')", name="state"
        ),
        CheckConstraint(
            "method IN ('web', 'paper', 'oral', 'register')",
            name="method",
        ),
        Index("ix_consents_person", "person_id", "purpose", "id"),
    )


class WelfareCommissioner(Identified, Base):
    """A commissioned welfare volunteer and the district looked after."""

    __tablename__ = "welfare_commissioners"
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("districts.code"))
    towns: Mapped[str | None]
    since_on: Mapped[date | None]
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Block(SealedRow, Identified, Base):
    """A pair that is never proposed to each other (BR-13); the reason is for staff only."""

    __tablename__ = "blocks"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    other_person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    reason = Sealed[str](required=True, limit=1000)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        UniqueConstraint("person_id", "other_person_id"),
        CheckConstraint("person_id <> other_person_id", name="two_people"),
    )
