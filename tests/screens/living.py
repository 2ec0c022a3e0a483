"""A few days of life for a demo city that only has plans: visits behind and ahead, and worries."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import cycle

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities import cases, certifying, expenses, following, missing, recording
from matching.catalogue.reference import REFERRAL_BY_CODE
from matching.commands.application import application
from matching.coordination import offering
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.database import transaction
from matching.kernel.errors import Conflict
from matching.local.demo_days import first_slot, signed_in
from matching.needs import referring
from matching.needs.models import Need
from matching.people.models import Account, Person
from matching.safeguarding.raising import Worry, raise_concern
from matching.volunteers.models import Volunteer
from tests import factories

BEFORE = timedelta(days=9)
DAYS = (-6, -5, -3, -2, -1, 0, 0, 1, 2, 4)
NAMES = ("菅原 トミ", "千葉 キヨ", "小野寺 勝", "岩渕 ハナ", "佐々木 清")
KINDS = ("shopping", "talk")


def live(session: Session, now: datetime) -> None:
    """Let visits happen, be reported, go wrong and be asked about."""
    boss = signed_in(session, "coordinator")
    helper = _helper(session)
    home = session.get_one(Person, helper.person_id)
    needs = [_need(session, now, days, home) for days in DAYS]
    plan_all(session, SYSTEM, now - BEFORE)
    visits = [_visit(session, need, helper, boss, now - BEFORE) for need in needs]
    plan_all(session, SYSTEM, now)
    _told(session, visits, now, boss)
    _beside(session, visits, now, boss, helper)


def _helper(session: Session) -> Volunteer:
    """The volunteer who signs in has all week free."""
    account = select(Account.person_id).where(Account.login == "volunteer")
    return session.scalars(select(Volunteer).where(Volunteer.person_id.in_(account))).one()


def _need(session: Session, now: datetime, days: int, near: Person) -> Need:
    """A need beside the volunteer who signs in, so that some visits are theirs."""
    return factories.need(
        session,
        now - BEFORE,
        name=next(NEXT_NAME),
        category_code=next(NEXT_KIND),
        start_on=clock.local_date(now) + timedelta(days=days),
        area_code=near.area_code,
        location=(near.lat, near.lon),
    )


def _visit(
    session: Session, need: Need, helper: Volunteer, boss: Actor, now: datetime
) -> Placement:
    """Place the one who signs in, or who else is still free after the days the demo has."""
    offers = [each for each in list_candidates(session, need.id) if each.slots]
    for each in sorted(offers, key=lambda offer: offer.volunteer_id != helper.id):
        with suppress(Conflict), session.begin_nested():
            return confirm(session, each.id, first_slot(each), boss, now)
    raise LookupError(f"nobody is free for {need.reference}")


NEXT_NAME, NEXT_KIND = cycle(NAMES), cycle(KINDS)


def _told(session: Session, visits: list[Placement], now: datetime, boss: Actor) -> None:
    reports = (
        recording.Report(60, "usual"),
        recording.Report(45, "worried", concern=True, said="足もとがふらついていました。"),
        recording.Report(60, "usual", near_miss=True, said="玄関の段差でつまずきました。"),
    )
    manager = signed_in(session, "manager")
    for visit, told in zip(visits, reports, strict=False):
        recording.report(session, visit.id, told, "web", boss, now)
    recording.verify(session, visits[0].id, manager, now)
    expenses.claim(session, visits[0].id, expenses.Outlay("fuel", km=12), boss, now)
    missing.not_met(session, visits[4].id, boss, now)
    following.watch_follow_ups(session, now)


def _beside(
    session: Session, visits: list[Placement], now: datetime, boss: Actor, helper: Volunteer
) -> None:
    need = visits[0].need
    cases.open_complaint(
        session, need.reference, "complaint_from_requester", "時間に来ませんでした。", boss, now
    )
    referring.refer(session, need, [next(iter(REFERRAL_BY_CODE))], None, boss, now)
    today = clock.local_date(now)
    done_by = session.get_one(Volunteer, visits[0].volunteer_id)
    certifying.issue(session, done_by, today - timedelta(days=300), today, boss, now)
    worry = Worry("声をかけても返事がありません。", "elderly", about=("need", need.id))
    raise_concern(session, worry, boss, now)
    asked = factories.need(session, now, name=NAMES[0], start_on=today + timedelta(days=5))
    plan_all(session, SYSTEM, now)
    proposal = list_candidates(session, asked.id)[0]
    offering.offer(session, proposal.id, [first_slot(proposal)], "phone", boss, now)


def main() -> None:
    """Give the instance of MUSUBI_DATA its days."""
    with application(), transaction() as session:
        live(session, clock.now())


if __name__ == "__main__":
    main()
