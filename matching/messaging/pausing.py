"""Leaving a gateway alone that does not answer, so that nothing else waits behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.messaging.models import GatewayPause
from matching.messaging.rules import away_for


def until(session: Session, channel: str, now: datetime) -> datetime | None:
    """Return until when a gateway is left alone; None where it may be tried."""
    pause = session.get(GatewayPause, channel, populate_existing=True)
    return pause.until_at if pause is not None and pause.until_at > now else None


def begin(
    session: Session, channel: str, reason: str, asked: timedelta | None, now: datetime
) -> datetime:
    """Leave a gateway alone for as long as it asked, else twice as long as the time before."""
    known = session.get(GatewayPause, channel, populate_existing=True)
    times = known.times + 1 if known is not None else 1
    ends = now + (asked or away_for(times))
    values = {"times": min(times, 100), "reason": reason[:80], "until_at": ends}
    session.execute(
        insert(GatewayPause)
        .values(channel=channel, since_at=now, **values)
        .on_conflict_do_update(index_elements=[GatewayPause.channel], set_=values)
    )
    return ends


def end(session: Session, channel: str) -> None:
    """The gateway answers again."""
    session.execute(delete(GatewayPause).where(GatewayPause.channel == channel))
