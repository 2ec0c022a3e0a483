"""Bringing the service into another mode, by name, after a look at what that means."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid
from matching.noticeboard.models import ModeSwitch
from matching.noticeboard.modes import MODES

USUAL = "peace"
LONGEST = timedelta(days=180)
STALE = "ほかの方が先に体制を切りかえました。いまの体制をたしかめてください。"
SAME = "もうこの体制です。"
NO_MODE = "どの体制にするかを選んでください。"
WRONG_DAY = "めやすの日は、きょうから180日までの日にしてください。"


def newest(session: Session) -> ModeSwitch | None:
    """Return the last switch; None where nobody ever switched."""
    return session.scalar(select(ModeSwitch).order_by(ModeSwitch.id.desc()).limit(1))


def mode_of(switch: ModeSwitch | None) -> str:
    """Return the mode that a switch led to."""
    return switch.mode if switch else USUAL


def switch_mode(
    session: Session, mode: str, seen: int, until_on: date | None, actor: Actor, now: datetime
) -> ModeSwitch:
    """Switch from the mode that the form showed (`seen`, 0 for none) to another."""
    last = newest(session)
    _check(mode, mode_of(last), until_on, local_date(now))
    if seen != (last.id if last else 0):
        raise Conflict(STALE, code="stale_version")
    made = ModeSwitch(
        mode=mode,
        after_id=seen,
        until_on=until_on if mode != USUAL else None,
        switched_at=now,
        switched_by_id=actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:  # two people at the same moment: the second is told
        raise Conflict(STALE, code="stale_version") from error
    audit.record(session, actor, now, "mode_switched", "mode", made.id, mode=mode, after=seen)
    return made


def _check(mode: str, current: str, until_on: date | None, today: date) -> None:
    if mode not in MODES:
        raise Invalid(NO_MODE, field="mode")
    if mode == current:
        raise Invalid(SAME, field="mode")
    if until_on is not None and not today <= until_on <= today + LONGEST:
        raise Invalid(WRONG_DAY, field="until_on")
