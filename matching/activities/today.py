"""Today's board: the visits of a day by where each stands, what is off, and what wants a call."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.absence_models import Absence
from matching.activities.alarming import Alarm, alarms_of
from matching.activities.models import Activity
from matching.activities.queries import Visit, list_visits, state_of
from matching.coordination.models import Placement
from matching.coordination.queries import pair_told_of
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.needs.models import Need, NeedOccurrence
from matching.needs.queries import told_of
from matching.volunteers.models import Volunteer


@dataclass(frozen=True)
class Board:
    """The visits of one day as the desk watches them; each visit is in one of the lists."""

    alarms: Sequence[tuple[Visit, Alarm]]
    absences: Sequence[Absence]
    out: Sequence[Visit]
    due: Sequence[Visit]
    later: Sequence[Visit]
    over: Sequence[Visit]
    off: Sequence[tuple[Placement, str, bool]]

    def mark(self) -> str:
        """Return a mark that changes with whatever the board shows, but not with the clock."""
        visits = (self.out, self.due, self.later, self.over)
        shown = (
            [[(each.id, state_of(activity)) for each, activity in row] for row in visits],
            [(visit[0].id, alarm.kind, alarm.missed, alarm.due_at) for visit, alarm in self.alarms],
            [(row.id, row.version) for row in self.absences],
            [(placement.id, state, full) for placement, state, full in self.off],
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def read_board(session: Session, day: date, actor: Actor, now: datetime) -> Board:
    """Return the board of a day as it is at a moment."""
    since, until = clock.instant(day, 0), clock.instant(day, 24 * 60)
    visits = list_visits(session, since=since, until=until, actor=actor)
    alarms = alarms_of(session, visits, now)
    sought = _absences(session, actor)
    busy = {*alarms, *(row.placement_id for row in sought)}
    rest = [visit for visit in visits if visit[0].id not in busy]
    coming = [visit for visit in rest if state_of(visit[1]) == "confirmed"]
    return Board(
        alarms=sorted(
            ((visit, alarms[visit[0].id]) for visit in visits if visit[0].id in alarms),
            key=lambda each: each[1].due_at,
        ),
        absences=sought,
        out=[visit for visit in rest if state_of(visit[1]) == "checked_in"],
        due=[visit for visit in coming if visit[0].starts_at <= now],
        later=[visit for visit in coming if visit[0].starts_at > now],
        over=[v for v in rest if state_of(v[1]) not in {"checked_in", "confirmed"}],
        off=_off(session, since, until, actor),
    )


def _absences(session: Session, actor: Actor) -> Sequence[Absence]:
    """Residents whom somebody looks for, whatever day it began."""
    return session.scalars(
        select(Absence)
        .join(Need, Need.id == Absence.need_id)
        .where(Absence.found.is_(None), told_of(actor))
        .where(Absence.placement_id.in_(select(Placement.id).where(pair_told_of(actor, Placement))))
        .options(joinedload(Absence.need).joinedload(Need.requester))
        .order_by(Absence.due_at)
    ).all()


def _off(
    session: Session, since: datetime, until: datetime, actor: Actor
) -> Sequence[tuple[Placement, str, bool]]:
    """What was to be on this day and is not: why, and whether somebody else comes now."""
    rows = session.execute(
        select(Placement, Activity.state, NeedOccurrence)
        .join(NeedOccurrence, NeedOccurrence.id == Placement.occurrence_id)
        .outerjoin(Activity, Activity.placement_id == Placement.id)
        .where(Placement.starts_at >= since, Placement.starts_at < until)
        .where(Placement.state == "cancelled", Placement.confirmed_at.is_not(None))
        .where(pair_told_of(actor, Placement))
        .options(
            joinedload(Placement.need).joinedload(Need.requester),
            joinedload(Placement.volunteer).joinedload(Volunteer.person),
        )
        .order_by(Placement.starts_at, Placement.id)
    ).all()
    return [
        (placement, state or "cancelled_center", visit.filled >= visit.headcount)
        for placement, state, visit in rows
    ]
