"""A volunteer's week as it was before the last change of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy.orm import Session

from matching.kernel import undo
from matching.kernel.actor import Actor
from matching.volunteers.changing import change_availability
from matching.volunteers.models import Volunteer
from matching.volunteers.queries import days_off_of, slots_of


@dataclass(frozen=True)
class Stood:
    """The weekly times and the days away from a day on."""

    slots: list[list[int]]
    days_off: list[str]

    @classmethod
    def of(cls, session: Session, volunteer_id: int, today: date) -> Self:
        """Remember how a week stands."""
        times = slots_of(session, volunteer_id)
        return cls(
            [[each.weekday, each.starts_minute, each.ends_minute] for each in times],
            [day.isoformat() for day in days_off_of(session, volunteer_id, today)],
        )

    def offer(self, session: Session, volunteer_id: int, actor: Actor, now: datetime) -> int:
        """Offer to bring the week back."""
        version = session.get_one(Volunteer, volunteer_id).version
        before = {"slots": self.slots, "days_off": self.days_off}
        return undo.offer(session, "availability", volunteer_id, version, actor, now, **before)


def bring_back(session: Session, taken: undo.Undo, actor: Actor, now: datetime) -> None:
    """Replace the week by the one before; raises StaleVersion where it changed again."""
    slots = [(day, start, end) for day, start, end in taken.before["slots"]]
    days = [date.fromisoformat(day) for day in taken.before["days_off"]]
    change_availability(session, taken.subject_id, slots, days, str(taken.version), actor, now)
