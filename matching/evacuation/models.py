"""Tables of a copy of the city's list: what came, who may read it, who did, and its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matching.evacuation.rules import BASES, ENDINGS, PURPOSES
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified
from matching.kernel.sealed import Sealed, SealedRow


class EvacuationList(Identified, Base):
    """A copy that the city handed over in a disaster; `digest` proves later what was purged."""

    __tablename__ = "evacuation_lists"
    title: Mapped[str]
    handed_by: Mapped[str]
    basis: Mapped[str]
    count: Mapped[int]
    digest: Mapped[str]
    received_at: Mapped[datetime]
    received_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime]
    purged_at: Mapped[datetime | None]
    purged_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ending: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(one_of("basis", BASES), name="basis"),
        CheckConstraint(f"ending IS NULL OR {one_of('ending', ENDINGS)}", name="ending"),
        CheckConstraint("(purged_at IS NULL) = (ending IS NULL)", name="purged"),
        CheckConstraint(
            "expires_at > received_at AND expires_at <= received_at + interval '30 days'",
            name="expires",
        ),
        CheckConstraint("length(title) BETWEEN 1 AND 100", name="title"),
        CheckConstraint("length(handed_by) BETWEEN 1 AND 100", name="handed_by"),
    )


class EvacuationLine(SealedRow, Identified, Base):
    """One line as it came, sealed; it is tied to nobody the centre knows."""

    __tablename__ = "evacuation_lines"
    list_id: Mapped[int] = mapped_column(ForeignKey("evacuation_lists.id"), index=True)
    body = Sealed[str](required=True, limit=1000)


class EvacuationReader(Base):
    """An account that may read one copy; nobody else may, whatever their role."""

    __tablename__ = "evacuation_readers"
    list_id: Mapped[int] = mapped_column(ForeignKey("evacuation_lists.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)


class EvacuationRead(Identified, Base):
    """One look at a copy: who, when, what for, and how many lines were shown."""

    __tablename__ = "evacuation_reads"
    list_id: Mapped[int] = mapped_column(ForeignKey("evacuation_lists.id"), index=True)
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    shown: Mapped[int]
    __table_args__ = (CheckConstraint(one_of("purpose", PURPOSES), name="purpose"),)
