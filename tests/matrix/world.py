"""A small city for the matrix: each kind of row tied to the reader, beside them and far away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.coordination.confirming import confirm
from matching.coordination.models import Placement, Proposal
from matching.coordination.offering import offer
from matching.coordination.pairing import forbid_pair
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.tasks import Task
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.tokens import make_token
from matching.places.tables import DISTRICTS
from matching.safeguarding.raising import Worry, raise_concern
from matching.volunteers.models import Volunteer
from tests import factories
from tests.matrix.oracle import ROLES
from tests.matrix.things import hanging_on

HERE, FAR = "hanaizumi", "daito"
AREAS = {"tied": HERE, "here": HERE, "far": FAR}
DISTRICT = next(each.code for each in DISTRICTS if each.area_code == HERE)
APRIL = date(2026, 4, 1)
PLACES = {
    "center_manager": (None, None),
    "branch_staff": (HERE, None),
    "welfare_commissioner": (HERE, DISTRICT),
}


@dataclass
class World:
    """Parts of addresses by relation, and tokens by role; all plain values."""

    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)


def build(session: Session, now: datetime) -> World:
    """Write the city and say what its rows are called."""
    boss = factories.actor(session, "center_manager")
    helpers = {
        relation: factories.volunteer(
            session, now, contact=factories.contact(f"手伝い{relation}", area_code=area)
        )
        for relation, area in AREAS.items()
    }
    visits = {relation: _need(session, now, relation, "shopping") for relation in AREAS}
    asked = {relation: _need(session, now, relation, "talk") for relation in AREAS}
    plan_all(session, SYSTEM, now)
    on = clock.local_date(now) + timedelta(days=3)
    for relation, need in visits.items():
        confirm(session, _pair(session, need, helpers[relation]).id, Choice(on, 540), boss, now)
    plan_all(session, SYSTEM, now)
    world = World()
    for relation, need in asked.items():
        proposal = _pair(session, need, helpers[relation])
        offer(session, proposal.id, [Choice(on, 630)], "phone", boss, now)
        other = helpers["here" if relation == "far" else "far"]
        rule = forbid_pair(session, need.reference, other.reference, "家が近い", boss, now)
        _apart(session, need, helpers[relation])
        world.parts[relation] = _parts(
            session, visits[relation], helpers[relation], proposal.id, rule.id, boss, now
        )
    _accounts(session, world, helpers["tied"], visits["tied"], now)
    session.commit()
    return world


def _need(session: Session, now: datetime, relation: str, category: str) -> Need:
    area = AREAS[relation]
    contact = factories.contact(f"頼む{relation}{category}", area_code=area)
    made = factories.need(session, now, contact=contact, area_code=area, category_code=category)
    made.district_code = DISTRICT if area == HERE else None
    return made


def _pair(session: Session, need: Need, helper: Volunteer) -> Proposal:
    return next(p for p in list_candidates(session, need.id) if p.volunteer_id == helper.id)


def _apart(session: Session, need: Need, helper: Volunteer) -> None:
    """Who is proposed across an area is known there; here nobody is."""
    others = update(Proposal).where(Proposal.need_id == need.id)
    others = others.where(Proposal.volunteer_id != helper.id, Proposal.state == "suggested")
    session.execute(others.values(state="superseded"))


def _parts(
    session: Session,
    need: Need,
    helper: Volunteer,
    proposal_id: int,
    rule_id: int,
    boss: Actor,
    now: datetime,
) -> dict[str, Any]:
    subject = ("need", need.id)
    tasks.open_task(session, "follow_up", subject, now, now, area_code=need.area_code)
    task = select(Task.id).where(Task.subject_type == "need", Task.subject_id == need.id)
    visit = session.scalars(select(Placement.id).where(Placement.need_id == need.id)).one()
    return {
        "need": need.reference,
        "volunteer": helper.reference,
        "person": need.requester_id,
        "proposal": proposal_id,
        "visit": visit,
        "pair": rule_id,
        "task": session.scalars(task).first(),
        "concern": raise_concern(session, Worry("気になる"), boss, now).id,
        **hanging_on(session, need, helper, visit, boss, now),
    }


def _accounts(session: Session, world: World, helper: Volunteer, need: Need, now: datetime) -> None:
    owners = {"volunteer": helper.person_id, "requester": need.requester_id}
    for role in ROLES:
        place = PLACES.get(role, (None, None))
        entry = AccountEntry(
            f"the-{role}",
            factories.PASSWORD,
            role,
            ((role, *place),),
            person_id=owners.get(role),
            starts_on=APRIL,
            demo=True,
        )
        made = add_account(session, entry, SYSTEM, now)
        session.flush()
        world.accounts[role] = made.id
        world.tokens[role] = make_token(
            session, made.id, "試験", "write", Actor((role,), made.id), now
        )
        if role == "welfare_commissioner":
            need.filed_by_id = made.id
