"""A small town in which everything has begun: needs in many states, accounts of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.coordination.answering import Answer, answer
from matching.coordination.confirming import confirm
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.database import db
from matching.kernel.outbox import OutboxJob
from matching.kernel.permissions import ROLES
from matching.needs.models import Need
from matching.people import queries
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from matching.people.tokens import make_token
from matching.volunteers.models import Volunteer
from tests import factories
from tests.web.browsing import sign_in

STATES = ("received", "triaging", "on_hold", "matching")


@dataclass(frozen=True)
class World:
    """What the callers know: a session cookie and a token of each role, and numbers that exist."""

    cookies: dict[str, str]
    tokens: dict[str, str]
    references: tuple[str, ...]


def build(app: Flask, now: datetime) -> World:
    """Fill an empty database; the visits of three days ago's plan are today."""
    clock.freeze(now - timedelta(days=3))
    with app.app_context():
        session = db.session()
        references = _people(session, clock.now())
        _agreements(session)
        session.execute(delete(OutboxJob))  # as if the worker had done them
        session.commit()
    clock.freeze(now)
    with app.app_context():
        tokens = {role: _token(db.session(), role) for role in ROLES}
    cookies = {role: _cookie(app.test_client(), role) for role in ROLES}
    return World(cookies | {"public": ""}, tokens | {"public": ""}, references)


def _people(session: Session, now: datetime) -> tuple[str, ...]:
    helpers = [factories.volunteer(session, now) for _ in range(5)]
    helpers.append(factories.volunteer(session, now, state="applicant"))
    needs = [factories.need(session, now, state=state) for state in ("ready",) * 3 + STATES]
    persons = {"volunteer": helpers[0].person_id, "requester": needs[0].requester_id}
    for role in ROLES:
        area = "ichinoseki" if role in {"branch_staff", "welfare_commissioner"} else None
        held = ((role, area, None),)
        entry = AccountEntry(
            role, factories.PASSWORD, role, held, person_id=persons.get(role), demo=True
        )
        add_account(session, entry, SYSTEM, now)
    session.commit()
    plan_all(session, SYSTEM, now)
    session.commit()
    return tuple(need.reference for need in needs) + tuple(each.reference for each in helpers)


def _agreements(session: Session) -> None:
    """One visit is settled for today, one volunteer was asked, one said yes."""
    account = queries.find_account_by_login(session, "coordinator")
    actor = queries.actor_of(account, clock.today()) if account else None
    assert actor is not None
    choice, now = Choice(clock.today() + timedelta(days=3), 540), clock.now()
    by_need = [list_candidates(session, need) for need in _ready(session)]
    mine = session.scalars(select(Volunteer.id).order_by(Volunteer.id)).first()
    own = [next(each for each in found if each.volunteer_id == mine) for found in by_need]
    confirm(session, own[0].id, choice, actor, now)
    offer(session, own[1].id, [Choice(choice.on, 660)], "phone", actor, now)
    other = next(each for each in by_need[2] if each.volunteer_id != mine)
    offer(session, other.id, [choice], "phone", actor, now)
    answer(session, other.id, Answer("yes", "phone"), actor, now)


def _ready(session: Session) -> list[int]:
    wanted = select(Need.id).where(Need.state.in_(("ready", "matching"))).order_by(Need.id)
    return list(session.scalars(wanted))


def _token(session: Session, role: str) -> str:
    account = session.scalars(select(Account).where(Account.login == role)).one()
    token = make_token(session, account.id, "試験", "write", SYSTEM, clock.now())
    session.commit()
    return token


def _cookie(client: FlaskClient, role: str) -> str:
    answer = sign_in(client, role)
    assert answer.status_code == 302, role
    cookie = client.get_cookie("musubi")
    assert cookie is not None
    return cookie.value
