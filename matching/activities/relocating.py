"""Relocating: the agreed visits of a need are to be somewhere else; both sides hear of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.grouping import check_still_covered
from matching.activities.leaving import BEGUN
from matching.activities.queries import get_visit
from matching.activities.recording import STALE
from matching.activities.rescheduling import own_slots, tell_sides
from matching.coordination import loading, placing
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.kernel import audit, clock, outbox
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.places.addresses import area_of_address, district_of, point_of
from matching.volunteers.models import Volunteer

WHERE = "新しい場所の住所を、町の名前から入力してください（例：一関市山目字中野）。"
SAME = "いまと違う場所を入力してください。"
NOT_THERE = (
    "新しい場所には行けない方がいます：%(names)s（遠い、またはほかの活動に間に合いません）。"
    "先に、代わりの方をさがしてください。"
)


@dataclass(frozen=True)
class Place:
    """The new address, and which sides have said yes to it already."""

    address: str
    postal_code: str = ""
    agreed: Collection[str] = ()


def move_place(
    session: Session, placement_id: int, to: Place, actor: Actor, now: datetime
) -> Sequence[Placement]:
    """Take all coming visits of a need to another place; everybody's gates are looked at for it.

    Raises Invalid for a place we cannot find, Conflict naming who cannot get there.
    """
    lock_proposals(session)
    chosen, _activity = get_visit(session, placement_id, actor)
    if chosen.state not in {"held", "confirmed"}:
        raise Conflict(STALE, code="state")
    if chosen.starts_at <= now:
        raise Conflict(BEGUN, code="state")
    coming = _coming(session, chosen.need_id, now)
    for volunteer_id in sorted({each.volunteer_id for each in coming}):
        placing.hold_volunteer(session, volunteer_id)
    need = lock_need(session, chosen.need_id)
    _take_to(need, to)
    session.flush()
    _check_reach(session, need, coming, now)
    for each in coming:
        check_still_covered(session, each, need, clock.local_date(each.starts_at))
        each.version += 1
        tell_sides(session, each, need, "coming_elsewhere", to.agreed, now)
    outbox.plan_soon(session, now)
    audit.record(
        session, actor, now, "visits_relocated", "need", need.id,
        placements=[each.id for each in coming],
    )  # fmt: skip
    return coming


def _coming(session: Session, need_id: int, now: datetime) -> Sequence[Placement]:
    return session.scalars(
        select(Placement)
        .where(Placement.need_id == need_id, Placement.starts_at > now)
        .where(Placement.state.in_(("held", "confirmed")))
        .options(
            joinedload(Placement.volunteer).joinedload(Volunteer.person), joinedload(Placement.need)
        )
        .order_by(Placement.id)
    ).all()


def _take_to(need: Need, to: Place) -> None:
    address = " ".join(to.address.split())
    area, point = area_of_address(address), point_of(address, to.postal_code)
    if not 1 <= len(address) <= 200 or area is None or point is None:
        raise Invalid(WHERE, field="address")
    if address == need.address:
        raise Invalid(SAME, field="address")
    need.address, need.postal_code = address, to.postal_code or None
    need.area_code, need.district_code = area, district_of(address, to.postal_code)
    need.lat, need.lon = point
    need.version += 1


def _check_reach(session: Session, need: Need, coming: Sequence[Placement], now: datetime) -> None:
    """Look at way, area, cover and other visits of each; what they were asked before is no matter.

    Nobody is asked anew, so neither notice nor past offers stand in the way.
    """
    standing = loading.read_standing(
        session, clock.local_date(now), sorted({each.volunteer_id for each in coming})
    )
    people = [replace(each, notice_days=0) for each in standing.volunteers]
    standing = replace(standing, volunteers=people, past=[])
    far = [each for each in coming if not _reaches(session, need, each, standing)]
    if far:
        names = "、".join(dict.fromkeys(each.volunteer.person.name for each in far))
        raise Conflict(NOT_THERE, code="not_possible", values={"names": names})


def _reaches(session: Session, need: Need, visit: Placement, standing: loading.Standing) -> bool:
    on, start = clock.local_date(visit.starts_at), clock.minutes_of_day(visit.starts_at)
    slots = own_slots(session, need, visit, standing)
    return any(slot.on == on and start in slot.starts for slot in slots)
