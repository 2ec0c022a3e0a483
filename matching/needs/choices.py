"""Up to three wished days of one visit, and the window in which the planner looks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WEEK = 7


@dataclass(frozen=True)
class Choice:
    """A wished day; the minutes past midnight bound the visit where they are known."""

    on: date
    from_minute: int | None = None
    to_minute: int | None = None

    def written(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"on": self.on.isoformat(), "from": self.from_minute, "to": self.to_minute}


def read_choice(kept: dict[str, Any]) -> Choice:
    """Return a choice from how it was kept."""
    return Choice(date.fromisoformat(kept["on"]), kept["from"], kept["to"])


@dataclass(frozen=True)
class Window:
    """Days and minutes such that every day in it was wished for."""

    start_on: date
    end_on: date | None
    weekdays: tuple[int, ...]
    from_minute: int | None
    to_minute: int | None


def window_of(choices: Sequence[Choice]) -> Window:
    """Return the widest window without a day or a minute that nobody wished for.

    Days of one week are told apart by their weekdays. Where the choices lie further apart or
    at other times of the day, only the first counts; a person looks at the others.
    """
    first = choices[0]
    days = sorted({choice.on for choice in choices})
    times = {(choice.from_minute, choice.to_minute) for choice in choices}
    if len(days) == 1 or len(times) > 1 or (days[-1] - days[0]).days >= WEEK:
        return Window(first.on, None, (), first.from_minute, first.to_minute)
    weekdays = tuple(sorted(day.weekday() for day in days))
    return Window(days[0], days[-1], weekdays, first.from_minute, first.to_minute)
