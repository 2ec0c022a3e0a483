"""Paper forms: each printed sheet has a number, and comes back as at most one need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.permissions import only_area
from matching.needs.models import Need

MOST = 50
HOW_MANY = "枚数は1から50までの数字で入力してください。"
UNKNOWN = "この番号の申込書は見つかりませんでした。番号をたしかめてください。"
TYPED_IN = "この番号の申込書は、もう受け付けてあります。"
NUMBER = re.compile(r"[PＰ][-ー]?([0-9]{1,12})", re.IGNORECASE)


class PaperForm(Identified, Base):
    """One printed sheet; `need_id` is what it became once it was typed in."""

    __tablename__ = "paper_forms"
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id"), unique=True)
    returned_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("(need_id IS NULL) = (returned_at IS NULL)", name="returned"),
    )

    @property
    def number(self) -> str:
        """The number on the sheet, easy to read out: P00012."""
        return f"P{self.id:05d}"


def print_forms(session: Session, count: int, actor: Actor, now: datetime) -> list[PaperForm]:
    """Give numbers to sheets that are printed now."""
    if not 1 <= count <= MOST:
        raise Invalid(HOW_MANY, field="count")
    area = only_area(actor)
    made = [
        PaperForm(printed_at=now, printed_by_id=actor.account_id, area_code=area)
        for _each in range(count)
    ]
    session.add_all(made)
    session.flush()
    audit.record(session, actor, now, "paper_printed", "paper_form", made[0].id, count=count)
    return made


def list_forms(session: Session, first: int, count: int) -> Sequence[PaperForm]:
    """Return sheets to print, by their numbers."""
    within = PaperForm.id.between(first, first + min(count, MOST) - 1)
    return session.scalars(select(PaperForm).where(within).order_by(PaperForm.id)).all()


def find_form(session: Session, number: str) -> PaperForm | None:
    """Return a sheet by its number, however it was typed."""
    found = NUMBER.fullmatch(number.strip())
    return session.get(PaperForm, int(found[1])) if found else None


def hand_in(session: Session, number: str, need: Need, actor: Actor, now: datetime) -> None:
    """Note what a sheet became; raises Invalid for no such sheet, Conflict for one typed in."""
    found = find_form(session, number)
    if found is None:
        raise Invalid(UNKNOWN, field="paper")
    session.refresh(found, with_for_update=True)
    if found.need_id is not None:
        raise Conflict(TYPED_IN, code="state")
    found.need_id, found.returned_at = need.id, now
    audit.record(session, actor, now, "paper_returned", "need", need.id, paper=found.id)
