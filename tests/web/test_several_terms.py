"""One account with several roles, each for a part of the city: it sees those parts and no other."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.kernel import clock, drafts
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import NotFound
from matching.messaging import queries as messages
from matching.messaging.sending import Post
from matching.needs.known import Asked, look_up
from matching.needs.models import Need
from matching.people import queries
from matching.people.accounts import AccountEntry, add_account
from matching.places.reference import AREA_BY_CODE
from tests import factories
from tests.factories import PASSWORD
from tests.messaging.scenes import asked, work
from tests.web.browsing import sign_in

OURS, ELSEWHERE = ("hanaizumi", "daito"), "senmaya"
EVERYWHERE = (*OURS, ELSEWHERE)
LISTS = (
    *("/desk/needs", "/desk/volunteers", "/desk/fairness"),
    *("/desk/search?q=花岡", "/desk/search?q=花巻"),
)


@pytest.fixture
def actor(session: Session, now: datetime) -> Actor:
    """Staff of two branches."""
    roles = tuple(("branch_staff", area, None) for area in OURS)
    add_account(session, AccountEntry("both", PASSWORD, "両支部", roles), SYSTEM, now)
    session.commit()
    session.expunge_all()
    account = queries.find_account_by_login(session, "both")
    found = queries.actor_of(account, clock.today()) if account else None
    assert found is not None
    return found


def test_staff_of_two_branches_see_both_and_no_third(
    app: Flask, session: Session, actor: Actor, now: datetime
) -> None:
    for area in EVERYWHERE:
        living = factories.contact(f"花巻 {area}", area_code=area)
        asking = factories.contact(f"花岡 {area}", area_code=area)
        factories.volunteer(session, now, contact=living)
        factories.need(session, now, contact=asking, area_code=area)
    session.commit()
    client = app.test_client()
    sign_in(client, "both")
    for path in LISTS:
        told = client.get(path).get_data(as_text=True)
        assert tuple(area for area in EVERYWHERE if f" {area}" in told) == OURS, path
    told = client.get("/desk/weather").get_data(as_text=True)
    assert {code for code in AREA_BY_CODE if f'value="{code}"' in told} == set(OURS)
    found = look_up(session, [Asked(name="花岡")], actor, ())
    assert {each.person.area_code for each in found} == set(OURS)


def test_messages_of_both_branches_are_within_reach(
    session: Session, actor: Actor, now: datetime
) -> None:
    boss = factories.actor(session, "coordinator")
    for area in EVERYWHERE:
        asked(session, now, boss, need={"area_code": area}, area_code=area)
    work(session, now, Post({}, ""), names=("message",))
    seen = messages.within_reach(actor).subquery()
    about = (
        select(Need.area_code)
        .join(Proposal, Proposal.need_id == Need.id)
        .join(seen, seen.c.proposal_id == Proposal.id)
    )
    assert sorted(session.scalars(about)) == sorted(OURS)
    assert sum(messages.count_by_state(session, actor).values()) == len(OURS)


def test_a_draft_of_who_works_in_two_areas_is_seen_by_them_and_the_whole_desk(
    session: Session, actor: Actor, now: datetime
) -> None:
    drafts.keep(session, drafts.Place("intake", "x", actor=actor), {"title": ["買い物"]}, now)
    boss = factories.actor(session, "coordinator")
    other = factories.actor(session, "branch_staff", area=ELSEWHERE)
    seen = [len(drafts.desk_drafts(session, "intake", who, now)) for who in (actor, boss, other)]
    assert seen == [1, 1, 0]
    with pytest.raises(NotFound):
        drafts.keep(session, drafts.Place("intake", "x", actor=other), {}, now)
