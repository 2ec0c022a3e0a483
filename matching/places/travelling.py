"""Minutes between areas as the centre measured them: entered, changed, taken out by a manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, StaleVersion
from matching.kernel.outbox import plan_afresh
from matching.places.models import AreaTravel
from matching.places.reference import AREA_BY_CODE

MOST_MINUTES = 600
STALE = "ほかの画面で先に変更された組があります。最新の分数をたしかめてください。"
NO_NUMBER = "分数は0から600までの数字で入力してください。"


@dataclass(frozen=True)
class Measured:
    """What was typed for the way from one area to another; no minutes: the formula counts."""

    start: str
    end: str
    minutes: int | None
    version: int  # of the row that the form showed; 0 where there was none


def change_minutes(session: Session, typed: Sequence[Measured], actor: Actor, now: datetime) -> int:
    """Bring the table to what was typed; return how many ways changed. All or nothing.

    Raises StaleVersion when somebody changed one of these ways since the form was opened.
    """
    rows = {
        (row.from_area_code, row.to_area_code): row
        for row in session.scalars(select(AreaTravel).with_for_update())
    }
    changed = sum(_change(session, rows.get((each.start, each.end)), each) for each in typed)
    if changed:
        audit.record(session, actor, now, "travel_changed", "area_travel", None, ways=changed)
        plan_afresh(session, now)
    return changed


def _change(session: Session, row: AreaTravel | None, typed: Measured) -> bool:
    if not {typed.start, typed.end} <= AREA_BY_CODE.keys():
        raise Invalid(NO_NUMBER)
    if typed.minutes is not None and not 0 <= typed.minutes <= MOST_MINUTES:
        raise Invalid(NO_NUMBER, field=f"{typed.start}-{typed.end}")
    if (row.minutes if row else None) == typed.minutes:
        return False
    if typed.version != (row.version if row else 0):
        raise StaleVersion(STALE)
    if row is None:
        made = AreaTravel(from_area_code=typed.start, to_area_code=typed.end)
        made.minutes = typed.minutes or 0
        session.add(made)
    elif typed.minutes is None:
        session.delete(row)
    else:
        row.minutes, row.version = typed.minutes, row.version + 1
    return True
