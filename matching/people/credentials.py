"""Tables of how somebody proves who they are: second factors, letters and links, known devices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base, Identified
from matching.kernel.sealed import Sealed, SealedRow


class TotpSecret(SealedRow, Identified, Base):
    """The secret an authenticator app shares with us; `last_step` is the newest code's moment."""

    __tablename__ = "totp_secrets"
    key_owner = None
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    secret = Sealed[str](required=True)
    last_step: Mapped[int]
    created_at: Mapped[datetime]


class RecoveryCode(Identified, Base):
    """One of ten codes on paper, good once."""

    __tablename__ = "recovery_codes"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class Passkey(Identified, Base):
    """A key in a phone or computer: we know its public half."""

    __tablename__ = "passkeys"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Ticket(Identified, Base):
    """The right to choose a password once: on a printed letter or in a mail, digests only.

    An account has one open ticket of a purpose; a newer one takes the older one's place.
    """

    __tablename__ = "tickets"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    token_digest: Mapped[str] = mapped_column(unique=True)
    code_digest: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("purpose IN ('activation', 'reset')", name="purpose"),
        Index(
            "uq_tickets_open",
            "account_id",
            "purpose",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class KnownDevice(Base):
    """A browser in which an account's owner has signed in before; the cookie holds the token."""

    __tablename__ = "known_devices"
    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    seen_at: Mapped[datetime]
