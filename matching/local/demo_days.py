"""The days around today in the demo city: visits behind and ahead, an offer, a request to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.activities import recording
from matching.cells.phones import landline_and_mobile
from matching.coordination import offering
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement, Proposal
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.interchange.importing import import_records
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.outbox import OutboxJob
from matching.local.city.cast import CAST_VOLUNTEERS, HOME_AREA, HOME_DISTRICT
from matching.local.city.generating import City
from matching.needs.models import Need
from matching.needs.receiving import NeedEntry, open_need
from matching.people.queries import actor_of, find_account_by_login
from matching.people.registering import Contact
from matching.volunteers.models import Volunteer

DECIDED = timedelta(days=9)  # before now
MORNING = (9 * 60, 12 * 60)  # minutes past midnight
AFTERWARDS = timedelta(hours=2)  # when a visit is told of
TOLD = (
    recording.Report(60, "usual", said="灯油も一緒に届けました。"),
    recording.Report(75, "worried", concern=True, said="足もとがふらついていました。"),
)


def live(session: Session, city: City, now: datetime) -> None:
    """Decide the errands of these days as a coordinator did, and let the first ones happen.

    The visit of yesterday has no report yet, and one errand is still asked for. Staff must have
    their accounts; no other open need may be there.
    """
    before = now - DECIDED
    import_records(session, "needs", city.errands, SYSTEM, before)
    plan_all(session, SYSTEM, before)
    coordinator, manager = signed_in(session, "coordinator"), signed_in(session, "manager")
    *decided, open_still = [_need(session, row) for row in city.errands]
    visits = [_visit(session, need, coordinator, before) for need in decided]
    _tell(session, visits, coordinator, manager)
    _ask(session, open_still, coordinator, now)
    # What decisions of those days left to do is done from now on: nobody was there to do it.
    session.execute(update(OutboxJob).where(OutboxJob.due_at < now).values(due_at=now))


def ask_anew(session: Session, city: City, now: datetime) -> None:
    """Let somebody ask for help whom nobody has called back yet."""
    for row in city.unread:
        open_need(session, _entry(row), SYSTEM, now)


def _entry(row: dict[str, str]) -> NeedEntry:
    where = float(row["lat"]), float(row["lon"])
    landline, mobile = landline_and_mobile(row["phone"])
    return NeedEntry(
        contact=Contact(
            name=row["requester_name"],
            name_kana=row["requester_kana"],
            phone=landline,
            mobile=mobile,
            postal_code=row["postal_code"],
            address=row["address"],
            lat=where[0],
            lon=where[1],
            area_code=HOME_AREA,
            district_code=HOME_DISTRICT,
        ),
        category_code=row["category"],
        title=row["title"],
        channel=row["channel"],
        address=row["address"],
        location=where,
        start_on=date.fromisoformat(row["start_date"]),
        from_minute=MORNING[0],
        to_minute=MORNING[1],
        duration_minutes=int(row["duration_minutes"]),
        consents=("coordination_use", "share_with_volunteer"),
        area_code=HOME_AREA,
        district_code=HOME_DISTRICT,
    )


def signed_in(session: Session, login: str) -> Actor:
    """Who signs in to the demo under a name; raises LookupError where there is no such account."""
    account = find_account_by_login(session, login)
    actor = actor_of(account, clock.today()) if account else None
    if actor is None:
        raise LookupError(f"the demo has no {login}")
    return actor


def _need(session: Session, row: dict[str, str]) -> Need:
    return session.scalars(select(Need).where(Need.reference == row["need_id"])).one()


def _visit(session: Session, need: Need, actor: Actor, at: datetime) -> Placement | None:
    """Place the one of the cast where they can come, else the best; nobody, when nobody can."""
    found = _best(session, need)
    return confirm(session, found.id, first_slot(found), actor, at) if found else None


def _best(session: Session, need: Need) -> Proposal | None:
    able = [each for each in list_candidates(session, need.id) if each.slots]
    known = [each for each in able if _is_cast(session, each)]
    return next(iter([*known, *able]), None)


def _is_cast(session: Session, proposal: Proposal) -> bool:
    helper = session.get_one(Volunteer, proposal.volunteer_id)
    return helper.person.name in {each.name.full for each in CAST_VOLUNTEERS}


def first_slot(proposal: Proposal) -> Choice:
    """The earliest time a volunteer could come."""
    slot = proposal.slots[0]
    return Choice(date.fromisoformat(slot["on"]), slot["starts"][0])


def _tell(
    session: Session, visits: Sequence[Placement | None], who: Actor, checked_by: Actor
) -> None:
    """Type the reports that came by phone; the hours of the first are checked by another."""
    for place, (visit, told) in enumerate(zip(visits, TOLD, strict=False)):
        if visit:
            at = visit.starts_at + AFTERWARDS
            recording.report(session, visit.id, told, "phone", who, at)
            if place == 0:
                recording.verify(session, visit.id, checked_by, at + AFTERWARDS)


def _ask(session: Session, need: Need, actor: Actor, now: datetime) -> None:
    found = _best(session, need)
    if found:
        offering.offer(session, found.id, [first_slot(found)], "web", actor, now)
