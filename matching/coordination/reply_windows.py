"""How often one can ask and wait for answers before a deadline (BR-16, quiet hours)."""

from __future__ import annotations

from datetime import date, datetime

from matching.coordination.rules import answer_due_at
from matching.kernel import clock
from matching.places.calendar import CLOSES_AT, end_of_quiet

MOST_ROUNDS = 3


def closing(on: date) -> datetime:
    """Return the instant at which the counter closes on a day."""
    return clock.instant(on, CLOSES_AT.hour * 60 + CLOSES_AT.minute)


def rounds_until(channel: str, urgency: str, start: datetime, deadline: datetime) -> int:
    """Count the rounds of asking and waiting that end by a deadline: one at least."""
    rounds, at = 0, end_of_quiet(start)
    while rounds < MOST_ROUNDS:
        at = answer_due_at(channel, urgency, at)
        if at > deadline:
            break
        rounds, at = rounds + 1, end_of_quiet(at)
    return max(rounds, 1)
