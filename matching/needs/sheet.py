"""The intake sheet of a need: what was asked beside the need itself, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.kernel.sealed import Sealed, SealedRow
from matching.needs.choices import Choice, read_choice
from matching.needs.models import Need

# Whose yes it is that the centre may look for somebody (BR-04).
CONSENT_BASES: Mapping[str, str] = {
    "self": "ご本人が自分で申し込んだ",
    "person_said": "ご本人が「はい」と言った",
    "representative": "成年後見人など、代わりに決められる方が「はい」と言った",
    "not_yet": "まだ聞いていない",
}
# Those that let the search begin at once; the others wait for the person's own word.
ENOUGH = ("self", "person_said")
KNOWS: Mapping[str, str] = {"yes": "知っている", "no": "知らない", "unknown": "わからない"}


def _requester(session: Session, value_of: Callable[[str], Any]) -> int | None:
    return session.scalar(select(Need.requester_id).where(Need.id == value_of("need_id")))


class NeedSheet(SealedRow, Identified, Base):
    """What the intake sheet says beyond the need; `answers` are texts by code of the question."""

    __tablename__ = "need_sheets"
    key_owner = _requester
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), unique=True)
    caller_relation: Mapped[str | None]
    person_knows: Mapped[str | None]
    consent_basis: Mapped[str]
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    answers = Sealed[str](required=True, limit=60_000)
    written_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(one_of("consent_basis", CONSENT_BASES), name="consent_basis"),
        CheckConstraint(one_of("person_knows", KNOWS), name="person_knows"),
    )

    @property
    def told(self) -> dict[str, str]:
        """The answers, by code of the question."""
        found: dict[str, str] = json.loads(self.answers)
        return found

    @property
    def wished(self) -> list[Choice]:
        """The wished days in the order of preference."""
        return [read_choice(kept) for kept in self.choices]


@dataclass(frozen=True)
class SheetEntry:
    """What was asked and answered, as read from a form, a paper or a phone call."""

    caller_relation: str | None = None
    person_knows: str | None = None
    consent_basis: str = "self"
    choices: tuple[Choice, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


def attach(session: Session, need: Need, entry: SheetEntry, now: datetime) -> NeedSheet:
    """Write the sheet of a need that was just received."""
    sheet = NeedSheet(
        need_id=need.id,
        caller_relation=entry.caller_relation,
        person_knows=entry.person_knows,
        consent_basis=entry.consent_basis,
        choices=[choice.written() for choice in entry.choices],
        answers=json.dumps(dict(entry.answers), ensure_ascii=False),
        written_at=now,
    )
    session.add(sheet)
    session.flush()
    return sheet


def sheet_of(session: Session, need_id: int) -> NeedSheet | None:
    """Return the sheet of a need, if it has one."""
    return session.scalar(select(NeedSheet).where(NeedSheet.need_id == need_id))
