"""元に戻す: one's own last act, once, for ten minutes, while nothing has come of it."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.kernel.tasks import Task
from matching.kernel.undo import Undo
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from matching.volunteers.queries import slots_of
from tests import factories
from tests.web.browsing import hidden, sign_in


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    for login in ("tanaka", "sato"):
        roles = (("coordinator", None, None),)
        entry = AccountEntry(login, factories.PASSWORD, login, roles)
        add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "tanaka")
    return client


def task(session: Session) -> Task:
    session.expire_all()
    return session.scalars(select(Task)).one()


def asked(session: Session) -> Task:
    """A task that somebody has in hand already."""
    need, now = factories.need(session, clock.now(), name="菊地 ハル"), clock.now()
    owner = session.scalars(select(Account.id).where(Account.login == "sato")).one()
    about = ("need", need.id)
    tasks.open_task(session, "talk_wanted", about, now, now, area_code="ichinoseki", owner_id=owner)
    session.commit()
    return task(session)


def act(desk: FlaskClient, path: str, page: str = "/desk", **fields: str) -> str:
    """Send a form and return where its undo button leads, or ""."""
    answer = desk.post(path, data=hidden(desk, page, path) | fields)
    assert answer.status_code == 302, answer.text
    return button(desk, str(answer.location))


def button(desk: FlaskClient, page: str) -> str:
    form = BeautifulSoup(desk.get(page).data, "html.parser").select_one(".flash__undo")
    return str(form["action"]) if form else ""


def undo(desk: FlaskClient, path: str, key: str = "one") -> int:
    token = hidden(desk, "/desk", "/logout")["csrf_token"]
    return desk.post(path, data={"csrf_token": token, "request_key": key}).status_code


def test_claiming_putting_off_and_closing_are_undone_once(
    desk: FlaskClient, session: Session
) -> None:
    before = asked(session)
    stood = (before.state, before.owner_id, before.due_at)
    for verb, fields in (
        ("claim", {}),
        ("snooze", {"until": "tomorrow", "reason": "留守"}),
        ("done", {}),
    ):
        path = act(desk, f"/desk/tasks/{before.id}/{verb}", **fields)
        changed = task(session)
        assert (changed.state, changed.owner_id, changed.due_at) != stood, verb
        assert undo(desk, path, verb) == 302
        back = task(session)
        assert (back.state, back.owner_id, back.due_at) == stood, verb
        assert undo(desk, path, verb) == 302  # the same sending, once
        assert undo(desk, path, verb + "2") == 409
    noted = session.scalars(select(Event.action).where(Event.action == "undone")).all()
    assert len(noted) == 3


def test_only_ones_own_act_within_ten_minutes_and_only_while_nothing_changed(
    desk: FlaskClient, session: Session
) -> None:
    number = asked(session).id
    other = desk.application.test_client()
    sign_in(other, "sato")
    path = act(desk, f"/desk/tasks/{number}/claim")
    assert undo(other, path) == 404
    act(other, f"/desk/tasks/{number}/claim")
    assert undo(desk, path) == 409
    path = act(desk, f"/desk/tasks/{number}/claim")
    late = clock.now() - timedelta(seconds=1)
    session.execute(update(Undo).values(until_at=late))
    session.commit()
    assert undo(desk, path) == 409
    assert task(session).owner_id is not None


def test_a_closed_task_that_was_asked_for_again_stays_closed(
    desk: FlaskClient, session: Session
) -> None:
    first, now = asked(session), clock.now()
    path = act(desk, f"/desk/tasks/{first.id}/done")
    tasks.open_task(session, first.kind, (first.subject_type, first.subject_id), now, now)
    session.commit()
    assert undo(desk, path) == 409
    assert session.scalars(select(Task.state).order_by(Task.id)).all() == ["done", "open"]


TRIAGE = {"outcome": "accept", "next_action": "手伝う人をさがす", "reason": ""}


def test_a_triage_is_taken_back_until_somebody_was_asked(
    desk: FlaskClient, session: Session
) -> None:
    need = factories.need(session, clock.now(), state="received")
    volunteer = factories.volunteer(session, clock.now())
    session.commit()
    page = f"/desk/needs/{need.reference}"
    stood = (need.owner_id, need.next_action_on, need.urgency)
    path = act(desk, f"{page}/triage", page, **TRIAGE)
    assert state(session, need) == "ready"
    assert undo(desk, path) == 302
    assert state(session, need) == "triaging"
    assert (need.owner_id, need.next_action_on, need.urgency) == stood
    path = act(desk, f"{page}/triage", page, **TRIAGE)
    asked_one = Proposal(need_id=need.id, volunteer_id=volunteer.id, proposed_at=clock.now())
    asked_one.state = "contacted"
    session.add(asked_one)
    session.commit()
    assert undo(desk, path, "two") == 409
    assert state(session, need) == "ready"


def state(session: Session, need: Need) -> str:
    session.expire_all()
    return session.get_one(Need, need.id).state


def test_a_week_of_a_volunteer_comes_back(client: FlaskClient, session: Session) -> None:
    volunteer = factories.volunteer(session, clock.now())
    roles = (("volunteer", None, None),)
    entry = AccountEntry("helper", factories.PASSWORD, "h", roles, person_id=volunteer.person_id)
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "helper")
    week = [(s.weekday, s.starts_minute) for s in slots_of(session, volunteer.id)]
    page = "/my/availability"
    form = hidden(client, page, page) | {"dates_off": "2026-12-01"}
    assert {client.post(page, data=form).status_code for _tap in range(2)} == {302}
    assert slots_of(session, volunteer.id) == []
    path = button(client, page)
    token = hidden(client, page, "/logout")["csrf_token"]
    assert client.post(path, data={"csrf_token": token, "request_key": "k"}).status_code == 302
    session.expire_all()
    assert [(s.weekday, s.starts_minute) for s in slots_of(session, volunteer.id)] == week
