"""Tables of forecasts: what was learned from answers, and the chance told with each proposal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base, Identified


class AcceptanceVersion(Identified, Base):
    """One learning: coefficients, from how many answers, and whether forecasts kept their word.

    `calibration` is empty while there are too few answers and every forecast is the prior.
    """

    __tablename__ = "acceptance_versions"
    learned_at: Mapped[datetime]
    since_on: Mapped[date]
    learned: Mapped[bool]
    answers: Mapped[int]
    yeses: Mapped[int]
    people: Mapped[int]
    coefficients: Mapped[dict[str, Any]] = mapped_column(JSONB)
    calibration: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reply_hours: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (
        CheckConstraint("0 <= yeses AND yeses <= answers AND people <= answers", name="counts"),
    )


class ProposalChance(Base):
    """How likely a yes was when somebody was proposed, with the interval and where it is from."""

    __tablename__ = "proposal_chances"
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True
    )
    version_id: Mapped[int | None] = mapped_column(ForeignKey("acceptance_versions.id"))
    p: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    __table_args__ = (
        CheckConstraint("0 <= low AND low <= p AND p <= high AND high <= 1", name="interval"),
    )
