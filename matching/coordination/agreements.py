"""What binds people already, as the planner takes it: agreed, held, ruled out, and their past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.coordination.plan_models import PairRule
from matching.coordination.registry import Only, narrowed
from matching.engine import Booking, Forbid, Lock, PastOffer
from matching.kernel import clock
from matching.needs.models import Need
from matching.needs.rules import PLANNED
from matching.places.models import AreaTravel
from matching.volunteers.models import Volunteer

HISTORY_DAYS = 180
RESPONSES = {"accepted": "accepted", "declined": "declined", "no_response": "no_answer"}
USUAL_MINUTES = 60  # a visit whose length nobody said


@dataclass(frozen=True)
class Seat:
    """A seat somebody has, both as an engagement and as a seat kept on its need's visit."""

    need: str
    booking: Booking
    lock: Lock


@dataclass(frozen=True)
class Hold(Seat):
    """A seat that a coordinator holds for a pair (a standing lock)."""

    rule_id: int
    need_id: int


def past_offers(session: Session, today: date, only: Only) -> Iterable[PastOffer]:
    since = clock.instant(today - timedelta(days=HISTORY_DAYS), 0)
    offered = (
        select(
            Volunteer.reference,
            Need.requester_id,
            Proposal.need_reference,
            Proposal.proposed_at,
            Proposal.state,
            Proposal.outcome,
        )
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .outerjoin(Need, Need.id == Proposal.need_id)
        .where(Proposal.state.in_(RESPONSES), Proposal.proposed_at >= since)
        .order_by(Proposal.id)
    )
    for row in session.execute(narrowed(offered, Proposal.volunteer_id, only)):
        yield PastOffer(
            volunteer_id=row.reference,
            person_id=str(row.requester_id or row.need_reference or ""),
            offered_on=clock.local_date(row.proposed_at),
            response=RESPONSES[row.state],
            outcome=row.outcome or "",
        )


def placed_seats(session: Session, today: date, only: Only) -> list[Seat]:
    """What is agreed."""
    agreed = (
        select(Volunteer.reference, Need, Placement.starts_at, Placement.ends_at)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.state != "cancelled")
        # the whole month counts towards hours a month
        .where(Placement.starts_at >= clock.instant(today.replace(day=1), 0))
        .order_by(Placement.id)
    )
    found = session.execute(narrowed(agreed, Placement.volunteer_id, only))
    return [
        _seat(reference, need, starts_at, int((ends_at - starts_at).total_seconds() // 60))
        for reference, need, starts_at, ends_at in found
    ]


def _seat(reference: str, need: Need, starts_at: datetime, minutes: int) -> Seat:
    on, start = clock.local_date(starts_at), clock.minutes_of_day(starts_at)
    booking = Booking(
        volunteer_id=reference,
        on=on,
        start_minutes=start,
        end_minutes=start + minutes,
        lat=need.lat,
        lon=need.lon,
        area=need.area_code,
    )
    lock = Lock(need_id=need.reference, volunteer_id=reference, on=on, start_minutes=start)
    return Seat(need.reference, booking, lock)


def held_seats(session: Session, today: date, only: Only) -> list[Hold]:
    """What coordinators hold, of needs that are still planned, where it is not agreed already."""
    agreed = exists().where(
        Placement.need_id == PairRule.need_id,
        Placement.volunteer_id == PairRule.volunteer_id,
        Placement.state != "cancelled",
        func.date(func.timezone("Asia/Tokyo", Placement.starts_at)) == PairRule.visit_on,
    )
    found = (
        select(PairRule, Volunteer.reference, Need)
        .join(Volunteer, Volunteer.id == PairRule.volunteer_id)
        .join(Need, Need.id == PairRule.need_id)
        .where(PairRule.kind == "lock", PairRule.released_at.is_(None))
        .where(PairRule.visit_on >= today, Need.state.in_(PLANNED), ~agreed)
        .order_by(PairRule.id)
    )
    return [
        _hold(rule, reference, need)
        for rule, reference, need in session.execute(narrowed(found, PairRule.volunteer_id, only))
    ]


def _hold(rule: PairRule, reference: str, need: Need) -> Hold:
    day, start = rule.visit_on or date.max, rule.start_minutes or 0
    minutes = need.duration_minutes or USUAL_MINUTES
    seat = _seat(reference, need, clock.instant(day, start), minutes)
    return Hold(seat.need, seat.booking, seat.lock, rule.id, rule.need_id)


def forbidden_pairs(session: Session, only: Only) -> list[Forbid]:
    found = (
        select(Need.reference, Volunteer.reference, PairRule.visit_on)
        .select_from(PairRule)
        .join(Need, Need.id == PairRule.need_id)
        .join(Volunteer, Volunteer.id == PairRule.volunteer_id)
        .where(PairRule.kind == "forbid", PairRule.released_at.is_(None))
        .order_by(PairRule.id)
    )
    return [
        Forbid(need_id=need, volunteer_id=volunteer, on=on)
        for need, volunteer, on in session.execute(narrowed(found, PairRule.volunteer_id, only))
    ]


def area_minutes(session: Session) -> dict[tuple[str, str], int]:
    return {
        (row.from_area_code, row.to_area_code): row.minutes
        for row in session.scalars(select(AreaTravel))
    }
