"""Legal holds: whose data must stay for now, for an inquiry or a claim, whatever its age."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.sealed import Sealed, SealedRow


class LegalHold(SealedRow, Identified, Base):
    """A person whose data neither retention nor erasure may touch while the hold lasts."""

    __tablename__ = "legal_holds"
    key_owner = "person_id"
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    reason = Sealed[str](required=True, limit=2000)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_legal_holds_running",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


def running(session: Session, person_id: int) -> LegalHold | None:
    """Return the hold on a person's data; None where there is none."""
    return session.scalar(
        select(LegalHold).where(LegalHold.person_id == person_id, LegalHold.ended_at.is_(None))
    )


def begin(session: Session, person_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Keep a person's data from now on; raises Conflict where it is kept already."""
    if not reason.strip():
        raise Invalid("残しておく理由を入力してください。", field="reason")
    if running(session, person_id):
        raise Conflict("この方の記録は、すでに残すことになっています。", code="held")
    session.add(LegalHold(person_id=person_id, reason=reason.strip(), started_at=now))
    audit.record(session, actor, now, "legal_hold_begun", "person", person_id)


def end(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Let a person's data go its usual way again; raises Conflict where nothing held it."""
    hold = running(session, person_id)
    if hold is None:
        raise Conflict("この方の記録を残す指示は出ていません。", code="not_held")
    hold.ended_at = now
    audit.record(session, actor, now, "legal_hold_ended", "person", person_id)
