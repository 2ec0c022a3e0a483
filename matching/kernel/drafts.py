"""Drafts: what somebody began to type and has not sent, kept for a while and no longer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified
from matching.kernel.errors import NotFound
from matching.kernel.permissions import only_area, only_areas
from matching.kernel.sealed import Sealed, SealedRow

Answers = dict[str, list[str]]
DESK_DAYS = timedelta(days=30)
OWN_DAYS = timedelta(days=14)
LONGEST = 100_000


class Draft(SealedRow, Identified, Base):
    """An unsent form: of one browser (`holder`, a digest) or of the desk (`account_id`)."""

    __tablename__ = "drafts"
    kind: Mapped[str]
    key: Mapped[str]
    holder: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    area_code: Mapped[str | None]
    answers = Sealed[str](required=True, limit=LONGEST)
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("(holder IS NULL) <> (account_id IS NULL)", name="one_owner"),
        CheckConstraint("length(key) BETWEEN 1 AND 200", name="key"),
    )

    @property
    def values(self) -> Answers:
        """What was typed, by field."""
        found: Answers = json.loads(self.answers)
        return found


@dataclass(frozen=True)
class Place:
    """Where a draft lies: its kind, its key, and whose it is."""

    kind: str
    key: str
    holder: str | None = None
    actor: Actor | None = None


def own_place(kind: str, token: str) -> Place:
    """Return the place of a browser's one draft of a kind; only a digest of its token is kept."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return Place(kind, digest, holder=digest)


def _within(place: Place) -> Select[Draft]:
    found = select(Draft).where(Draft.kind == place.kind)
    if place.actor is None:
        return found.where(Draft.holder == place.holder)
    found = found.where(Draft.account_id.is_not(None))
    areas = only_areas(place.actor)
    if areas is None:
        return found
    mine = Draft.account_id == place.actor.account_id
    return found.where(Draft.area_code.in_(areas) | mine)


def find(session: Session, place: Place, now: datetime) -> Draft | None:
    """Return the draft at a place, if it is not over yet."""
    return session.scalar(_within(place).where(Draft.key == place.key, Draft.expires_at > now))


def keep(
    session: Session, place: Place, answers: Mapping[str, Sequence[str]], now: datetime
) -> Draft:
    """Keep what was typed so far in place of what was kept before."""
    _alone(session, place)
    draft = session.scalar(_within(place).where(Draft.key == place.key))
    if draft is None:
        if session.scalar(select(Draft.id).where(Draft.kind == place.kind, Draft.key == place.key)):
            raise NotFound
        draft = Draft(kind=place.kind, key=place.key, started_at=now, **_owner(place))
    draft.answers = json.dumps(
        {name: list(values) for name, values in answers.items()}, ensure_ascii=False
    )
    draft.changed_at = now
    draft.expires_at = now + (OWN_DAYS if place.actor is None else DESK_DAYS)
    session.add(draft)
    session.flush()
    return draft


def _alone(session: Session, place: Place) -> None:
    """Let two savings of one form, a moment apart, come one after the other."""
    lock = func.hashtextextended(f"draft:{place.kind}:{place.key}", 0)
    session.execute(select(func.pg_advisory_xact_lock(lock)))


def _owner(place: Place) -> dict[str, Any]:
    if place.actor is None:
        return {"holder": place.holder}
    return {"account_id": place.actor.account_id, "area_code": only_area(place.actor)}


def desk_drafts(session: Session, kind: str, actor: Actor, now: datetime) -> Sequence[Draft]:
    """Return the desk's drafts of a kind within reach, the one changed last on top."""
    found = _within(Place(kind, "", actor=actor)).where(Draft.expires_at > now)
    return session.scalars(found.order_by(Draft.changed_at.desc()).limit(50)).all()


def discard(session: Session, place: Place) -> None:
    """Throw a draft away: it was sent, or nobody wants it."""
    which = _within(place).where(Draft.key == place.key).with_only_columns(Draft.id)
    session.execute(delete(Draft).where(Draft.id.in_(which)))


def forget_expired(session: Session, now: datetime) -> int:
    """Delete the drafts whose time is over; returns how many."""
    gone = session.scalars(delete(Draft).where(Draft.expires_at <= now).returning(Draft.id))
    return len(gone.all())
