"""The application clock: the only reader of the time of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

_frozen: datetime | None = None
_ahead = timedelta()


def freeze(moment: datetime | None) -> None:
    """Stop the clock at an aware instant, or let it run again with None (demo and tests only)."""
    global _frozen
    if moment is not None and moment.tzinfo is None:
        raise ValueError("the clock needs an instant with a time zone")
    _frozen = moment


def run_ahead(span: timedelta) -> None:
    """Let the clock run, ahead of the machine's by a span (demo and tests only)."""
    global _ahead
    _ahead = span


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return (_frozen or datetime.now(UTC) + _ahead).astimezone(UTC)


def today() -> date:
    """Return the present local date in Japan."""
    return local_date(now())


def local(moment: datetime) -> datetime:
    """Return the same instant on the clock of Japan."""
    return moment.astimezone(TOKYO)


def local_date(moment: datetime) -> date:
    """Return the date in Japan at an instant."""
    return local(moment).date()


def instant(day: date, minutes: int) -> datetime:
    """Return the UTC instant of a Japanese date and minutes past its midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=TOKYO)
    # Japan has kept one offset since 1952, so adding to the offset midnight is exact.
    return datetime.fromtimestamp(midnight.timestamp() + minutes * 60, UTC)


def minutes_of_day(moment: datetime) -> int:
    """Return the minutes past Japanese midnight at an instant."""
    at = local(moment)
    return at.hour * 60 + at.minute
