"""Tokens by which a program acts for an account, with the account's rights and a scope."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.kernel.errors import Invalid, NotFound
from matching.people.models import Account
from matching.people.queries import actor_of

SCOPES: Mapping[str, str] = {"read": "見るだけ", "write": "見る・書く"}
PREFIX = "musubi_"
LIFETIME = timedelta(days=365)
TOUCH_EVERY = timedelta(minutes=5)


class ApiToken(Identified, Base):
    """A token of an account; only its digest is kept, so it is shown once."""

    __tablename__ = "api_tokens"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("scope", SCOPES), name="scope"),
        CheckConstraint("length(name) BETWEEN 1 AND 100", name="name"),
    )


def make_token(
    session: Session, account_id: int, name: str, scope: str, actor: Actor, now: datetime
) -> str:
    """Return a new token (256 bits); it cannot be shown again."""
    if not name.strip():
        raise Invalid("何に使うかを入力してください。", field="name")
    if scope not in SCOPES:
        raise Invalid("できることの範囲を選んでください。", field="scope")
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        account_id=account_id,
        name=name.strip()[:100],
        digest=_digest(token),
        scope=scope,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, now, "token_made", "api_token", made.id, account=account_id)
    return token


def find_actor(session: Session, token: str, today: date, now: datetime) -> tuple[Actor, ApiToken]:
    """Return who a token acts for; raises NotFound for one that is unknown, over or revoked."""
    found = session.scalar(
        select(ApiToken)
        .where(ApiToken.digest == _digest(token), ApiToken.revoked_at.is_(None))
        .where(ApiToken.expires_at > now)
        .where(ApiToken.account.has(Account.disabled_at.is_(None)))
        .options(joinedload(ApiToken.account).selectinload(Account.roles))
    )
    actor = actor_of(found.account, today) if found is not None else None
    if found is None or actor is None:
        raise NotFound
    if found.used_at is None or found.used_at < now - TOUCH_EVERY:
        found.used_at = now
    return actor, found


def list_tokens(session: Session, account_id: int) -> Sequence[ApiToken]:
    """Return the tokens of an account that are not revoked, newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    ).all()


def revoke_token(
    session: Session, token_id: int, account_id: int, actor: Actor, now: datetime
) -> None:
    """End a token of an account at once."""
    found = session.get(ApiToken, token_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    found.revoked_at = found.revoked_at or now
    audit.record(session, actor, now, "token_revoked", "api_token", token_id, account=account_id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
