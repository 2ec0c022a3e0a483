"""Table of visits that volunteers pass on to each other: offered, taken, settled by the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.coordination.models import Placement
from matching.kernel.columns import one_of
from matching.kernel.database import Base, Identified, Versioned
from matching.volunteers.models import Volunteer

TRADE_STATES: Mapping[str, str] = {
    "offered": "代わってくれる方をさがしています",
    "taken": "代わる方がいます（センターの確認を待っています）",
    "settled": "交代が決まりました",
    "refused": "交代はできませんでした",
    "withdrawn": "取りやめました",
}
TRADE_MOVES: Mapping[str, frozenset[str]] = {
    "offered": frozenset({"taken", "withdrawn"}),
    "taken": frozenset({"settled", "refused", "withdrawn"}),
    "settled": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}
OPEN = ("offered", "taken")


class Trade(Identified, Versioned, Base):
    """A visit that its volunteer would pass on; a colleague takes it, the desk settles it."""

    __tablename__ = "trades"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    state: Mapped[str] = mapped_column(default="offered")
    offered_at: Mapped[datetime]
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    taken_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    placement: Mapped[Placement] = relationship(lazy="raise_on_sql")
    taker: Mapped[Volunteer | None] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint(one_of("state", TRADE_STATES), name="state"),
        CheckConstraint(
            "state NOT IN ('taken', 'settled', 'refused') OR taker_id IS NOT NULL", name="taker"
        ),
        Index(
            "uq_trades_open",
            "placement_id",
            unique=True,
            postgresql_where=text(one_of("state", OPEN)),
        ),
    )
