"""From rows to what somebody was asked: kind, way, day, notice, load and earlier yeses."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.engine.acceptance import Answer, Asking
from matching.kernel import clock
from matching.needs.models import Need
from matching.people.models import Person
from matching.places.travel import distance_km
from matching.volunteers.models import Volunteer

YESES = ("accepted", "waitlisted")
ANSWERED = (*YESES, "declined", "no_response")
LEARNED_DAYS, MOST_ANSWERS = 730, 20_000
LOAD_DAYS, OWN_DAYS = 30, 365

# When somebody was asked; a suggestion that was decided without asking has no answer.
_ASKED_AT = func.coalesce(Proposal.offered_at, Proposal.proposed_at)
_WAS_ASKED = or_(Proposal.offered_at.is_not(None), Proposal.run_id.is_(None))
_COLUMNS = (
    Proposal.id,
    Proposal.volunteer_id,
    Proposal.state,
    _ASKED_AT.label("asked_at"),
    Proposal.responded_at,
    func.coalesce(Proposal.category_code, Need.category_code).label("category"),
    Need.start_on,
    Need.weekdays,
    Need.from_minute,
    Need.lat,
    Need.lon,
    Person.lat.label("home_lat"),
    Person.lon.label("home_lon"),
)


def read_answers(session: Session, now: datetime) -> list[Answer]:
    """Return the answers of the last two years, oldest first."""
    found = (
        _asked(*_COLUMNS)
        .where(Proposal.state.in_(ANSWERED), _WAS_ASKED)
        .where(now - timedelta(days=LEARNED_DAYS + OWN_DAYS) <= _ASKED_AT)
        .order_by(_ASKED_AT.desc(), Proposal.id.desc())
        .limit(MOST_ANSWERS)
    )
    since = now - timedelta(days=LEARNED_DAYS)
    yeses = _Yeses()
    answers = []
    for row in reversed(session.execute(found).all()):
        asking = _asking(row, row.asked_at, yeses)
        if row.asked_at >= since:
            answers.append(Answer(str(row.volunteer_id), asking, row.state in YESES))
        yeses.note(row)
    return answers


def read_askings(session: Session, proposal_ids: Sequence[int], now: datetime) -> dict[int, Asking]:
    """Return what the volunteers of these proposals would be asked now."""
    rows = session.execute(
        _asked(*_COLUMNS).where(Proposal.id.in_(proposal_ids)).order_by(Proposal.id)
    ).all()
    yeses = _read_yeses(session, {row.volunteer_id for row in rows}, now)
    return {row.id: _asking(row, now, yeses) for row in rows}


def read_reply_hours(session: Session, now: datetime) -> list[float]:
    """Return how many hours answers took that were given to a known question."""
    found = session.execute(
        select(_ASKED_AT, Proposal.responded_at)
        .where(Proposal.state.in_((*YESES, "declined")), _WAS_ASKED)
        .where(Proposal.responded_at.is_not(None))
        .where(now - timedelta(days=LEARNED_DAYS) <= _ASKED_AT)
        .order_by(Proposal.id.desc())
        .limit(MOST_ANSWERS)
    )
    return [(answered - asked).total_seconds() / 3600 for asked, answered in found if answered]


class _Yeses:
    """When each volunteer said yes: the only part of somebody's history that is looked at."""

    def __init__(self) -> None:
        self._at: defaultdict[int, list[datetime]] = defaultdict(list)

    def note(self, row: Any) -> None:
        if row.state in YESES:
            insort(self._at[row.volunteer_id], row.responded_at or row.asked_at)

    def count(self, volunteer_id: int, before: datetime, days: int) -> int:
        at = self._at.get(volunteer_id, [])
        return bisect_left(at, before) - bisect_left(at, before - timedelta(days=days))


def _read_yeses(session: Session, volunteer_ids: Iterable[int], now: datetime) -> _Yeses:
    yeses = _Yeses()
    found = (
        select(
            Proposal.volunteer_id,
            Proposal.state,
            _ASKED_AT.label("asked_at"),
            Proposal.responded_at,
        )
        .where(Proposal.volunteer_id.in_(volunteer_ids), Proposal.state.in_(YESES))
        .where(now - timedelta(days=OWN_DAYS) <= _ASKED_AT)
    )
    for row in session.execute(found):
        yeses.note(row)
    return yeses


def _asked(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .outerjoin(Need, Need.id == Proposal.need_id)
    )


def _asking(row: Row[Any], at: datetime, yeses: _Yeses) -> Asking:
    asked_on = clock.local_date(at)
    return Asking(
        category=row.category or "",
        km=_km(row),
        weekday=_weekday(row.start_on, row.weekdays),
        minutes=row.from_minute,
        lead_days=max((row.start_on - asked_on).days, 0) if row.start_on else None,
        load=yeses.count(row.volunteer_id, at, LOAD_DAYS),
        own_yes=yeses.count(row.volunteer_id, at, OWN_DAYS),
    )


def _km(row: Row[Any]) -> float | None:
    if None in (row.lat, row.lon, row.home_lat, row.home_lon):
        return None
    return distance_km(row.home_lat, row.home_lon, row.lat, row.lon)


def _weekday(start_on: date | None, weekdays: Sequence[int] | None) -> int | None:
    """A weekend day only where no working day is asked for."""
    if weekdays:
        return min(weekdays)
    return start_on.weekday() if start_on else None
