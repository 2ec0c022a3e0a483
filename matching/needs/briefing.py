"""A need in a coordinator's words for those who come: an outline first, what to mind later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified
from matching.kernel.errors import Invalid
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.models import Need, requester_of

LONGEST = 1000


class NeedBrief(SealedRow, Identified, Base):
    """A need in the coordinator's words: `outline` names nobody (L1), `care` is for L2."""

    __tablename__ = "need_briefs"
    key_owner = requester_of
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), unique=True)
    outline: Mapped[str] = mapped_column(default="")
    care = Sealed[str](required=True, limit=LONGEST)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint(f"length(outline) <= {LONGEST}", name="outline"),)


def brief(
    session: Session, need: Need, outline: str, care: str, actor: Actor, now: datetime
) -> NeedBrief:
    """Word a need for those who may come; raises Invalid where a text is too long."""
    if len(outline) > LONGEST:
        raise Invalid("1000文字までにしてください。", field="outline")
    found = brief_of(session, need.id) or NeedBrief(need_id=need.id)
    found.outline, found.care = outline.strip(), care.strip()
    found.written_at, found.written_by_id = now, actor.account_id
    session.add(found)
    audit.record(session, actor, now, "need_briefed", "need", need.id)
    return found


def brief_of(session: Session, need_id: int) -> NeedBrief | None:
    """Return how a coordinator worded a need, if one did."""
    return session.scalar(select(NeedBrief).where(NeedBrief.need_id == need_id))
