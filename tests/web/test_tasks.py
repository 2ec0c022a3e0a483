"""Tasks on the worklist: claimed, put off with a reason, closed; a branch deals with its own."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM
from matching.kernel.tasks import Task
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.web.tasks import later
from tests import factories
from tests.web.browsing import hidden, sign_in


@pytest.fixture
def need(session: Session, now: datetime) -> Need:
    made = factories.need(session, now, name="菊地 ハル")
    tasks.open_task(session, "talk_wanted", ("need", made.id), now, now, area_code="ichinoseki")
    session.commit()
    return made


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    roles = (("coordinator", None, None),)
    add_account(
        session, AccountEntry("tanaka", factories.PASSWORD, "田中", roles), SYSTEM, clock.now()
    )
    session.commit()
    sign_in(client, "tanaka")
    return client


def the_task(session: Session) -> Task:
    session.expire_all()
    return session.scalars(select(Task)).one()


def send(desk: FlaskClient, task: Task, verb: str, **fields: str) -> int:
    action = f"/desk/tasks/{task.id}/{verb}"
    return desk.post(action, data=hidden(desk, "/desk", action) | fields).status_code


def test_a_task_names_its_person_and_leads_to_their_page(desk: FlaskClient, need: Need) -> None:
    page = BeautifulSoup(desk.get("/desk").data, "html.parser")
    link = page.select_one(".work-item__title")
    assert link is not None
    assert "菊地 ハル" in link.text
    assert link["href"] == f"/desk/needs/{need.reference}"


def test_a_task_is_claimed_then_closed_by_name(
    desk: FlaskClient, session: Session, need: Need
) -> None:
    task = the_task(session)
    assert send(desk, task, "claim") == 302
    assert the_task(session).owner_id is not None
    assert send(desk, task, "done") == 302
    closed = the_task(session)
    assert (closed.state, closed.done_by_id) == ("done", closed.owner_id)


@pytest.mark.parametrize("kind", sorted(tasks.END_WITH_SUBJECT - {"concern", "referral_answer"}))
def test_what_has_steps_of_its_own_is_not_done_by_a_click(
    desk: FlaskClient, session: Session, need: Need, kind: str
) -> None:
    session.execute(update(Task).values(kind=kind))
    session.commit()
    page = BeautifulSoup(desk.get("/desk").data, "html.parser")
    assert not page.select('form[action$="/done"]')
    [link] = page.select(".work-item a.button")
    assert link["href"] == f"/desk/needs/{need.reference}"
    assert send(desk, the_task(session), "claim") == 302
    fields = hidden(desk, "/desk", f"/desk/tasks/{the_task(session).id}/claim")
    answer = desk.post(f"/desk/tasks/{the_task(session).id}/done", data=fields)
    assert (answer.status_code, the_task(session).state) == (409, "open")
    assert "くわしいページで" in answer.text


def test_putting_off_wants_a_reason(desk: FlaskClient, session: Session, need: Need) -> None:
    task = the_task(session)
    assert send(desk, task, "snooze", until="tomorrow", reason=" ") == 422
    assert send(desk, task, "snooze", until="never", reason="留守") == 422
    assert send(desk, task, "snooze", until="tomorrow", reason="留守") == 302
    assert the_task(session).due_at > clock.now()


def test_a_task_of_another_branch_is_not_there(
    client: FlaskClient, session: Session, need: Need
) -> None:
    roles = (("branch_staff", "hanaizumi", None),)
    add_account(
        session, AccountEntry("branch", factories.PASSWORD, "支部", roles), SYSTEM, clock.now()
    )
    session.commit()
    sign_in(client, "branch")
    page = client.get("/desk").text
    assert "菊地 ハル" not in page
    task = the_task(session)
    fields = hidden(client, "/my", "/logout")
    assert client.post(f"/desk/tasks/{task.id}/done", data=fields).status_code == 404


@pytest.mark.parametrize(
    ("until", "hours"),
    [("today", 6), ("tomorrow", 23.5), ("week", 7 * 24 - 0.5)],
)
def test_what_is_put_off_comes_back_when_the_centre_works(
    now: datetime, until: str, hours: float
) -> None:
    """Monday the 23rd at nine is a holiday: the fifth business day after it is the 30th."""
    assert later(until, now) == now + timedelta(hours=hours)
