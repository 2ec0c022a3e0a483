"""Tables of groups on a visit: which one comes with its responsible person, and who else."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching.coordination.models import Placement
from matching.kernel.database import Base, Identified, Versioned
from matching.volunteers.models import VolunteerGroup


class GroupVisit(Identified, Versioned, Base):
    """A group that comes on a visit; the placement's volunteer answers for all of them.

    `unnamed` come without being on the list, which only an insurance by head-count allows; `agreed`
    says that everybody on it knows of the list and agreed to it, as told by who typed it.
    """

    __tablename__ = "group_visits"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), unique=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer_groups.id"), index=True)
    unnamed: Mapped[int] = mapped_column(default=0)
    event_cover: Mapped[bool] = mapped_column(default=False)
    agreed: Mapped[bool] = mapped_column(default=False, server_default="false")
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    placement: Mapped[Placement] = relationship(lazy="raise_on_sql")
    group: Mapped[VolunteerGroup | None] = relationship(lazy="raise_on_sql")
    members: Mapped[list[GroupMember]] = relationship(
        order_by="GroupMember.id", cascade="all, delete-orphan", lazy="selectin"
    )
    __table_args__ = (
        CheckConstraint("unnamed >= 0 AND (unnamed = 0 OR event_cover)", name="unnamed"),
    )


class GroupMember(Identified, Base):
    """Somebody on the list of a group's visit, with the day of joining the insurance if known."""

    __tablename__ = "group_members"
    group_visit_id: Mapped[int] = mapped_column(ForeignKey("group_visits.id"), index=True)
    name: Mapped[str]
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    enrolled_on: Mapped[date | None]
    absent: Mapped[bool] = mapped_column(default=False, server_default="false")
    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 60", name="name"),)


class GroupAgent(Base):
    """An account that speaks for a group: it types who comes along on the group's visits."""

    __tablename__ = "group_agents"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("volunteer_groups.id"), index=True)
