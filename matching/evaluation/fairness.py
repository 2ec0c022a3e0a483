"""Fairness that can be seen: who is never asked, how load is spread, who waits for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from matching.coordination.models import Placement, Proposal
from matching.kernel import clock
from matching.needs.models import Need
from matching.needs.rules import OPEN
from matching.people.models import Person
from matching.volunteers.models import Volunteer

UNASKED_DAYS = LOAD_DAYS = 90
NEWCOMER_DAYS = 180
LONG_DAYS = 30
TOP_SHARE = 0.1
ASKED = ("contacted", "accepted", "waitlisted", "declined", "no_response", "cancelled")
LOAD_BANDS = ((0, 0), (1, 1), (2, 2), (3, 5), (6, None))
Areas = Collection[str] | None  # of the reader; None for the whole city
AGE_BANDS = ((0, 17), (18, 39), (40, 64), (65, 74), (75, None))


class Unasked(NamedTuple):
    """An active volunteer whom nobody asked for long; `last_on` is empty for never."""

    volunteer: Volunteer
    last_on: date | None


class Spread(NamedTuple):
    """How visits are spread over active volunteers.

    `gini` is 0 when all do the same and near 1 when one does everything; `top` is the share of
    the busiest tenth; `bands` counts people by how many visits they had.
    """

    people: int
    visits: int
    gini: float
    top: float
    bands: tuple[tuple[int, int | None, int], ...]


class Newcomers(NamedTuple):
    """Who registered lately: days until first asked, and who is not asked yet."""

    registered: int
    median_days: float | None
    waiting: tuple[tuple[Volunteer, int], ...]


@dataclass(frozen=True)
class Waiting:
    """Residents of one group who still wait: how many, median days, how many for long."""

    group: str
    count: int
    median_days: float
    long: int


def unasked(session: Session, today: date, areas: Areas) -> list[Unasked]:
    """Return active volunteers not asked in the last 90 days, those never asked first."""
    since = clock.instant(today - timedelta(days=UNASKED_DAYS), 0)
    last = _last_asked()
    found = session.execute(
        _active(areas, last.c.at)
        .outerjoin(last, last.c.volunteer_id == Volunteer.id)
        .where((last.c.at.is_(None)) | (last.c.at < since))
        .order_by(last.c.at.asc().nulls_first(), Volunteer.id)
    )
    return [Unasked(who, clock.local_date(at) if at else None) for who, at in found]


def spread(session: Session, today: date, areas: Areas) -> Spread:
    """Return how the visits of the last 90 days (a sheet's too) and those agreed are spread."""
    since = clock.instant(today - timedelta(days=LOAD_DAYS), 0)
    placed = _counted(
        session,
        select(Placement.volunteer_id, func.count())
        .where(Placement.state != "cancelled", Placement.starts_at >= since)
        .group_by(Placement.volunteer_id),
    )
    brought_along = _counted(
        session,
        select(Proposal.volunteer_id, func.count())
        .where(Proposal.run_id.is_(None), Proposal.outcome == "completed")
        .where(Proposal.visit_on >= today - timedelta(days=LOAD_DAYS))
        .group_by(Proposal.volunteer_id),
    )
    active = session.scalars(
        select(Volunteer.id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.state == "active", *_within(Person.area_code, areas))
    )
    loads = sorted(placed.get(who, 0) + brought_along.get(who, 0) for who in active)
    return Spread(len(loads), sum(loads), gini(loads), top_share(loads), _bands(loads))


def _counted(session: Session, found: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(found)}


def gini(loads: Sequence[int]) -> float:
    """Return the Gini coefficient of non-negative numbers; 0 when there is nothing to share."""
    total, count = sum(loads), len(loads)
    if not total:
        return 0.0
    ranked = sum(place * load for place, load in enumerate(sorted(loads), start=1))
    return (2 * ranked - (count + 1) * total) / (count * total)


def top_share(loads: Sequence[int]) -> float:
    """Return the share of all visits that the busiest tenth does."""
    total = sum(loads)
    busiest = sorted(loads)[-max(round(len(loads) * TOP_SHARE), 1) :]
    return sum(busiest) / total if total else 0.0


def newcomers(session: Session, today: date, areas: Areas) -> Newcomers:
    """Return how soon those who registered in the last 180 days were asked for the first time."""
    first = (
        select(Proposal.volunteer_id, func.min(_asked_at()).label("at"))
        .where(Proposal.state.in_(ASKED))
        .group_by(Proposal.volunteer_id)
        .subquery()
    )
    found = session.execute(
        _active(areas, first.c.at)
        .outerjoin(first, first.c.volunteer_id == Volunteer.id)
        .where(Volunteer.registered_on >= today - timedelta(days=NEWCOMER_DAYS))
        .order_by(Volunteer.registered_on, Volunteer.id)
    ).all()
    days = [max((clock.local_date(at) - who.registered_on).days, 0) for who, at in found if at]
    waiting = tuple((who, (today - who.registered_on).days) for who, at in found if not at)
    return Newcomers(len(found), float(median(days)) if days else None, waiting)


def waiting_residents(session: Session, now: datetime, areas: Areas) -> dict[str, list[Waiting]]:
    """Return who still waits by area, by age band and by language."""
    found = session.execute(
        select(
            Need.received_at,
            Need.area_code,
            Need.recipient_age,
            Person.birth_on,
            Person.language,
        )
        .join(Person, Person.id == Need.requester_id)
        .where(Need.state.in_(OPEN), *_within(Need.area_code, areas))
    ).all()
    today = clock.local_date(now)
    days = [(now - row.received_at).days for row in found]
    return {
        "area": _grouped([row.area_code or "" for row in found], days),
        "age": _grouped([_age_band(row, today) for row in found], days),
        "language": _grouped([row.language for row in found], days),
    }


def _grouped(groups: Sequence[str], days: Sequence[int]) -> list[Waiting]:
    by_group: dict[str, list[int]] = {}
    for group, waited in zip(groups, days, strict=True):
        by_group.setdefault(group, []).append(waited)
    told = [
        Waiting(group, len(each), float(median(each)), sum(day > LONG_DAYS for day in each))
        for group, each in by_group.items()
    ]
    return sorted(told, key=lambda each: (-each.median_days, each.group))


def _age_band(row: Any, today: date) -> str:
    age = row.recipient_age
    if age is None and row.birth_on is not None:
        born = row.birth_on
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age is None:
        return ""
    return next(
        f"{low}-{'' if high is None else high}"
        for low, high in AGE_BANDS
        if high is None or age <= high
    )


def _bands(loads: Sequence[int]) -> tuple[tuple[int, int | None, int], ...]:
    counts = Counter(
        next(low for low, high in LOAD_BANDS if high is None or load <= high) for load in loads
    )
    return tuple((low, high, counts[low]) for low, high in LOAD_BANDS)


def _asked_at() -> ColumnElement[datetime]:
    return func.coalesce(Proposal.offered_at, Proposal.proposed_at)


def _last_asked() -> Any:
    return (
        select(Proposal.volunteer_id, func.max(_asked_at()).label("at"))
        .where(Proposal.state.in_(ASKED))
        .group_by(Proposal.volunteer_id)
        .subquery()
    )


def _active(areas: Areas, *columns: Any) -> Any:
    return (
        select(Volunteer, *columns)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.state == "active", *_within(Person.area_code, areas))
        .options(joinedload(Volunteer.person))
    )


def _within(column: Any, areas: Areas) -> tuple[ColumnElement[bool], ...]:
    return () if areas is None else (column.in_(areas),)
