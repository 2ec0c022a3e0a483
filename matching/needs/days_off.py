"""Days on which a need has no visit: exceptions of a series, snow, holidays the house wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.columns import one_of
from matching.kernel.database import Base
from matching.kernel.errors import Invalid
from matching.kernel.outbox import plan_soon
from matching.needs.models import Need
from matching.places.calendar import holiday_name

REASONS: Mapping[str, str] = {
    "resident": "ご本人の都合",
    "holiday": "祝日・年末年始",
    "weather": "雪や天候",
    "centre": "センターの都合",
}
UNKNOWN = "休みにする理由を選んでください。"
NOT_COMING = "これからの日を選んでください。"
PUT_OFF_BY = timedelta(days=7)


class NeedDayOff(Base):
    """One day without a visit of a need; the planner leaves it out."""

    __tablename__ = "need_days_off"
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    off_on: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint(one_of("reason", REASONS), name="reason"),)


def days_off_of(session: Session, need_ids: Collection[int]) -> dict[int, set[date]]:
    """Return the days without a visit by need."""
    found: dict[int, set[date]] = {need_id: set() for need_id in need_ids}
    rows = select(NeedDayOff.need_id, NeedDayOff.off_on).where(NeedDayOff.need_id.in_(need_ids))
    for need_id, off_on in session.execute(rows):
        found[need_id].add(off_on)
    return found


def leave_out(
    session: Session, need: Need, days: Sequence[date], reason: str, actor: Actor, now: datetime
) -> None:
    """Leave days out of a need's visits; a day that is out already stays so."""
    if reason not in REASONS:
        raise Invalid(UNKNOWN, field="reason")
    if not days:
        raise Invalid(NOT_COMING, field="days")
    for day in sorted(set(days)):
        session.execute(
            insert(NeedDayOff)
            .values(
                need_id=need.id,
                off_on=day,
                reason=reason,
                noted_at=now,
                noted_by_id=actor.account_id,
            )
            .on_conflict_do_nothing()
        )
    need.version += 1
    audit.record(
        session, actor, now, "need_days_left_out", "need", need.id, days=len(days), reason=reason
    )
    plan_soon(session, now)


def take_in(session: Session, need: Need, day: date, actor: Actor, now: datetime) -> None:
    """Let a need have its visit on a day again."""
    session.execute(
        delete(NeedDayOff).where(NeedDayOff.need_id == need.id, NeedDayOff.off_on == day)
    )
    need.version += 1
    audit.record(session, actor, now, "need_day_taken_in", "need", need.id, on=day.isoformat())
    plan_soon(session, now)


def put_off(session: Session, need: Need, day: date, actor: Actor, now: datetime) -> None:
    """Move what could not take place on a day: a series skips it, one visit gets a week more."""
    leave_out(session, need, [day], "weather", actor, now)
    last = need.end_on or need.start_on
    if need.recurrence in {"once", "as_needed"} and last is not None:
        need.end_on = max(last, day + PUT_OFF_BY)


def coming_holidays(today: date, days: int) -> list[date]:
    """Return the national holidays within a number of days, and the days around the new year."""
    span = (today + timedelta(days=count) for count in range(days))
    return [day for day in span if holiday_name(day) or (day.month, day.day) in _NEW_YEAR]


_NEW_YEAR = frozenset({(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)})
