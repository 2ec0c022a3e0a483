"""Messages at the desk and in the in-box: told by hand, tried again, read once."""

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.outbox import OutboxJob
from matching.kernel.tasks import Task
from matching.messaging.models import Message
from matching.messaging.rules import KINDS
from matching.messaging.sending import Post
from matching.messaging.telling import tell
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account, Person
from matching.volunteers.models import Volunteer
from tests import factories
from tests.factories import PASSWORD
from tests.messaging.scenes import RESIDENT, STREET, asked, only_message, work
from tests.web.browsing import hidden, sign_in, token


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


@pytest.fixture
def desk(client: FlaskClient, session: Session, coordinator: Actor) -> FlaskClient:
    login = session.scalars(select(Account.login).where(Account.id == coordinator.account_id)).one()
    session.commit()
    sign_in(client, login)
    return client


def told_by(session: Session, now: datetime, coordinator: Actor, method: str) -> Proposal:
    proposal = asked(session, now, coordinator, "web", name="山田 太郎", contact_method=method)
    proposal.offer_channel = "letter" if method == "post" else "phone"
    tell(session, {"kind": "offer", "proposal": proposal.id}, now)
    session.commit()
    return proposal


def press(client: FlaskClient, page: str, action: str) -> int:
    return client.post(action, data=hidden(client, page, action)).status_code


def test_a_call_on_the_list_is_made_and_ticked_off(
    desk: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    told_by(session, now, coordinator, "phone")
    listed = BeautifulSoup(desk.get("/desk").data, "html.parser")
    link = listed.select_one("a[href^='/desk/messages/']")
    assert link is not None
    page = desk.get(str(link["href"]))
    assert page.status_code == 200
    assert "山目" in page.text
    assert RESIDENT not in page.text
    assert STREET not in page.text
    assert press(desk, str(link["href"]), f"{link['href']}/told") == 302
    done = only_message(session)
    assert (done.state, done.handled_by_id) == ("sent", coordinator.account_id)
    assert session.scalars(select(Task.state).where(Task.subject_type == "message")).all() == [
        "done"
    ]
    assert press_again(desk, str(link["href"])) == 409


def test_a_call_ticked_off_on_the_worklist_is_a_message_told(
    desk: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    told_by(session, now, coordinator, "phone")
    number = session.scalars(select(Task.id).where(Task.kind == "tell_by_phone")).one()
    fields = {"csrf_token": token(desk, "/desk")}
    assert desk.post(f"/desk/tasks/{number}/done", data=fields).status_code == 302
    assert only_message(session).state == "sent"


def press_again(desk: FlaskClient, page: str) -> int:
    fields = {"csrf_token": token(desk, "/desk")}
    return desk.post(f"{page}/told", data=fields).status_code


def test_a_letter_is_one_page_without_who_or_where(
    desk: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    told_by(session, now, coordinator, "post")
    message = only_message(session)
    assert message.channel == "letter"
    page = desk.get(f"/desk/messages/{message.id}/letter")
    sheet = BeautifulSoup(page.data, "html.parser").select_one(".letter")
    assert sheet is not None
    assert "山田 太郎 様" in sheet.text
    assert "0191-00-0001" in sheet.text
    assert RESIDENT not in page.text
    assert STREET not in page.text


def test_what_is_parked_is_tried_again_or_phoned(
    desk: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    asked(session, now, coordinator)
    work(session, now, Post({}, ""), names=("message",))
    message = only_message(session)
    message.state, message.failure = "parked", "554"
    session.commit()
    for strange in ("before=" + "9" * 40, "before=-1", "before=x&state=nothing"):
        assert desk.get(f"/admin/messages?{strange}").status_code == 200
    board = desk.get("/admin/messages")
    assert "554" in board.text
    own = f"/desk/messages/{message.id}"
    jobs = len(session.scalars(select(OutboxJob).where(OutboxJob.name == "send_message")).all())
    assert press(desk, "/admin/messages", f"{own}/retry") == 302
    assert only_message(session).state == "waiting"
    found = session.scalars(select(OutboxJob).where(OutboxJob.name == "send_message")).all()
    assert len(found) == jobs + 1
    only_message(session).state = "parked"
    session.commit()
    assert press(desk, own, f"{own}/call") == 302
    assert only_message(session).channel == "phone"
    assert press(desk, own, f"{own}/let-go") == 302
    assert only_message(session).state == "dropped"


def test_staff_of_another_area_do_not_find_it(
    client: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    told_by(session, now, coordinator, "phone")
    entry = AccountEntry("branch", PASSWORD, "支部", (("branch_staff", "senmaya", None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "branch")
    assert client.get(f"/desk/messages/{only_message(session).id}").status_code == 404
    assert client.get("/desk/messages/999999").status_code == 404
    assert client.get("/desk/messages?need=R8-9999").status_code == 404


def test_staff_see_the_words_of_every_kind_in_every_register(desk: FlaskClient) -> None:
    page = BeautifulSoup(desk.get("/admin/messages/texts").data, "html.parser")
    assert len(page.select("pre")) == len(KINDS) * 3 * 3


def test_an_in_box_shows_each_thing_once_and_looking_reads_nothing(
    client: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    proposal = asked(session, now, coordinator, "web")
    person_id = session.get_one(Volunteer, proposal.volunteer_id).person_id
    session.get_one(Person, person_id).contact_method = None
    entry = AccountEntry("taro", PASSWORD, "太郎", (("volunteer", None, None),), person_id)
    add_account(session, entry, SYSTEM, now)
    for _ in range(2):
        tell(session, {"kind": "offer", "proposal": proposal.id}, now)
    session.commit()
    assert (only_message(session).channel, only_message(session).state) == ("web", "sent")
    sign_in(client, "taro")
    for _ in range(2):
        page = BeautifulSoup(client.get("/my/messages").data, "html.parser")
        assert len(page.select("article")) == 1
        assert page.select_one("a[href='/my/offers']") is not None
    assert only_message(session).read_at is None
    assert press(client, "/my/messages", "/my/messages/read") == 302
    session.expire_all()
    assert session.scalars(select(Message.read_at)).one() == now
