"""Trading: a volunteer passes a visit on, a colleague takes it, the desk settles it.

Nothing changes for the resident before a named coordinator has said yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.leaving import open_for
from matching.activities.queries import get_visit
from matching.activities.rules import same_business_day
from matching.activities.swapping import leave_seat, take_seat
from matching.activities.trade_models import OPEN, TRADE_MOVES, Trade
from matching.coordination import placing
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.coordination.placing import TAKEN, Choice
from matching.kernel import audit, clock, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from matching.volunteers.models import Volunteer

TOO_LATE = "この活動は、もうゆずれません。行けなくなったときは、センターにお電話ください。"
ALREADY = "この活動は、もう代わりの方をさがしています。"
GONE = "この活動は、もうほかの方に決まったか、取りやめになりました。"
OVERLAP = "同じ時間に、ご自分の別の活動が決まっているので、この活動は引き受けられません。"
NOT_ABLE = "曜日や時間、内容などの条件が合わないため、この活動は引き受けられません。"
MOST = 30


def pass_on(session: Session, placement_id: int, actor: Actor, now: datetime) -> Trade:
    """Offer one's own agreed visit to colleagues; it stays one's own until the desk settles it."""
    placement, _activity = get_visit(session, placement_id, actor)
    if placement.state != "confirmed" or placement.starts_at <= now:
        raise Conflict(TOO_LATE, code="state")
    if find_trade(session, placement.id) is not None:
        raise Conflict(ALREADY, code="state")
    row = Trade(placement_id=placement.id, state="offered", offered_at=now)
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "visit_passed_on", "placement", placement.id)
    return row


def keep_after_all(session: Session, placement_id: int, actor: Actor, now: datetime) -> None:
    """Take an offer to colleagues back; the visit was one's own all the time."""
    placement, _activity = get_visit(session, placement_id, actor)
    row = _open_trade(session, placement)
    transitions.move(session, row, TRADE_MOVES, "withdrawn", GONE, decided_at=now)
    tasks.close_tasks(session, ("placement", placement.id), now, kinds=("settle_trade",))
    audit.record(session, actor, now, "visit_kept", "placement", placement.id)


def take(session: Session, trade_id: int, taker: Volunteer, actor: Actor, now: datetime) -> Trade:
    """Say that one would take a colleague's visit; raises Conflict where a gate is shut."""
    lock_proposals(session)
    row = session.scalar(
        select(Trade)
        .where(Trade.id == trade_id)
        .options(joinedload(Trade.placement).joinedload(Placement.need))
        .with_for_update(of=Trade)
    )
    if row is None or row.placement.volunteer_id == taker.id:
        raise NotFound
    if row.state != "offered" or not _is_open(row.placement, now):
        raise Conflict(GONE, code="over")
    _check_able(session, row.placement, taker, now)
    transitions.move(session, row, TRADE_MOVES, "taken", GONE, taker_id=taker.id, taken_at=now)
    need = row.placement.need
    open_for(session, "settle_trade", row.placement, need, same_business_day(now), now)
    audit.record(
        session, actor, now, "visit_taken_over", "placement", row.placement_id, volunteer=taker.id
    )
    return row


def _is_open(placement: Placement, now: datetime) -> bool:
    return placement.state == "confirmed" and placement.starts_at > now


def _check_able(session: Session, placement: Placement, taker: Volunteer, now: datetime) -> None:
    on, start = clock.local_date(placement.starts_at), clock.minutes_of_day(placement.starts_at)
    need = session.get_one(Need, placement.need_id)
    try:
        placing.checked_slot(session, need, taker, Choice(on, start), now)
    except Conflict as shut:
        sentence = OVERLAP if shut.sentence == TAKEN else NOT_ABLE
        raise Conflict(sentence, code=shut.code) from shut


def settle_trade(
    session: Session, placement_id: int, agreed: bool, actor: Actor, now: datetime
) -> Placement | None:
    """Let the colleague go instead, or not; every gate is looked at again in the same act."""
    lock_proposals(session)
    placement, _activity = get_visit(session, placement_id, actor)
    row = _open_trade(session, placement)
    if row.state != "taken":
        raise Conflict(GONE, code="state")
    after = "settled" if agreed else "refused"
    told = {"decided_at": now, "decided_by_id": actor.account_id}
    transitions.move(session, row, TRADE_MOVES, after, GONE, **told)
    audit.record(session, actor, now, "trade_decided", "placement", placement.id, state=after)
    if not agreed:
        tasks.close_tasks(session, ("placement", placement.id), now, kinds=("settle_trade",))
        return None
    if not _is_open(placement, now):
        raise Conflict(GONE, code="over")
    taker = session.get_one(Volunteer, row.taker_id)
    for volunteer_id in sorted((placement.volunteer_id, taker.id)):
        placing.hold_volunteer(session, volunteer_id)
    leave_seat(session, placement, actor, now)
    return take_seat(session, placement, taker, actor, now)


def _open_trade(session: Session, placement: Placement) -> Trade:
    row = find_trade(session, placement.id)
    if row is None:
        raise Invalid(GONE, field="trade")
    return row


def find_trade(session: Session, placement_id: int) -> Trade | None:
    """Return the open offer of a visit to colleagues."""
    return session.scalar(
        select(Trade)
        .where(Trade.placement_id == placement_id, Trade.state.in_(OPEN))
        .options(joinedload(Trade.taker).joinedload(Volunteer.person))
    )


def trades_for(session: Session, volunteer: Volunteer, now: datetime) -> Sequence[Trade]:
    """Return the colleagues' visits that a volunteer could take, by their time."""
    found = session.scalars(
        select(Trade)
        .join(Placement, Placement.id == Trade.placement_id)
        .where(Trade.state == "offered", Placement.volunteer_id != volunteer.id)
        .where(Placement.state == "confirmed", Placement.starts_at > now)
        .options(joinedload(Trade.placement).joinedload(Placement.need))
        .order_by(Placement.starts_at)
        .limit(MOST)
    ).all()
    return [row for row in found if _able(session, row.placement, volunteer, now)]


def _able(session: Session, placement: Placement, volunteer: Volunteer, now: datetime) -> bool:
    try:
        _check_able(session, placement, volunteer, now)
    except Conflict:
        return False
    return True


def trades_of(session: Session, volunteer: Volunteer, now: datetime) -> Sequence[Trade]:
    """Return what a volunteer offered or took and is still to come, newest first."""
    mine = (Placement.volunteer_id == volunteer.id) | (Trade.taker_id == volunteer.id)
    return session.scalars(
        select(Trade)
        .join(Placement, Placement.id == Trade.placement_id)
        .where(mine, Placement.starts_at > now, Trade.state != "withdrawn")
        .options(joinedload(Trade.placement).joinedload(Placement.need))
        .order_by(Trade.id.desc())
        .limit(MOST)
    ).all()
