"""Asking by phone or by message, and answering on my page or by a link."""

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.contact_models import Contact
from matching.coordination.links import make_link
from matching.coordination.models import Placement, Proposal
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.volunteers.models import Volunteer
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in, token

ADDRESS, NAME = "字中野9099", "隠田 しの"


@pytest.fixture
def volunteer(session: Session, now: datetime) -> Volunteer:
    return factories.volunteer(session, now, name="山田 太郎")


@pytest.fixture
def proposal(session: Session, now: datetime, volunteer: Volunteer) -> Proposal:
    address = f"岩手県一関市山目{ADDRESS}"
    factories.need(session, now, name=NAME, address=address, district_code="yamanome")
    plan_all(session, SYSTEM, now)
    found = session.scalars(select(Proposal)).one()
    session.commit()
    return found


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    _account(session, "tanaka", "coordinator")
    sign_in(client, "tanaka")
    return client


def _account(session: Session, login: str, role: str, person_id: int | None = None) -> None:
    entry = AccountEntry(login, PASSWORD, login, ((role, None, None),), person_id=person_id)
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()


def ask(desk: FlaskClient, session: Session, proposal: Proposal, channel: str = "phone") -> str:
    """Ask for the first visit of the page's list; returns where that leads."""
    need = session.get_one(Need, proposal.need_id)
    path = f"/desk/needs/{need.reference}"
    page = BeautifulSoup(desk.get(path).data, "html.parser")
    option = page.select_one("select[name=slot] option")
    assert option is not None
    form = hidden(desk, path, f"/desk/proposals/{proposal.id}/confirm")
    answer = desk.post(
        f"/desk/proposals/{proposal.id}/offer",
        data=form | {"slot": str(option["value"]), "channel": channel},
    )
    assert answer.status_code == 302
    session.expire_all()
    return answer.headers["Location"]


def click(client: FlaskClient, path: str, action: str, **fields: str) -> int:
    return client.post(action, data=hidden(client, path, action) | fields).status_code


def test_a_call_leads_to_a_script_without_name_or_address_and_ends_in_a_visit(
    desk: FlaskClient, session: Session, proposal: Proposal
) -> None:
    """BR-19: what is said on the phone names neither person nor address."""
    path = ask(desk, session, proposal)
    script = BeautifulSoup(desk.get(path).data, "html.parser").select_one(".notice")
    assert script is not None
    assert "山目" in script.text
    assert NAME not in script.text
    assert ADDRESS not in script.text
    assert click(desk, path, f"{path}/answer", kind="yes", channel="phone", said="喜んで") == 302
    assert "ご本人の返事" in desk.get(path).text
    assert click(desk, path, f"{path}/resident", kind="yes", channel="phone") == 302
    session.expire_all()
    assert session.scalars(select(Placement.state)).one() == "confirmed"


def test_a_double_tap_is_one_answer(
    desk: FlaskClient, session: Session, proposal: Proposal
) -> None:
    path = ask(desk, session, proposal)
    fields = hidden(desk, path, f"{path}/answer") | {"kind": "no_answer", "channel": "phone"}
    for _ in range(2):
        assert desk.post(f"{path}/answer", data=fields).status_code == 302
    assert session.scalar(select(func.count(Contact.id))) == 1


def test_an_answer_without_a_choice_loses_nothing_and_says_what_to_do(
    desk: FlaskClient, session: Session, proposal: Proposal
) -> None:
    path = ask(desk, session, proposal)
    answer = desk.post(f"{path}/answer", data=hidden(desk, path, f"{path}/answer"))
    assert answer.status_code == 422
    assert "選んでください" in answer.text


def test_a_volunteer_answers_on_their_page(
    desk: FlaskClient, session: Session, proposal: Proposal, volunteer: Volunteer
) -> None:
    ask(desk, session, proposal, channel="web")
    _account(session, "taro", "volunteer", volunteer.person_id)
    desk.post("/logout", data={"csrf_token": token(desk, "/desk")})
    sign_in(desk, "taro")
    page = desk.get("/my/offers").text
    assert "山目" in page
    assert NAME not in page
    assert ADDRESS not in page
    assert click(desk, "/my/offers", f"/my/offers/{proposal.id}", kind="yes") == 302
    session.expire_all()
    assert queries.list_placements(session, volunteer_id=volunteer.id)[0].state == "held"


def test_looking_at_a_link_changes_nothing_and_answering_works_once(
    desk: FlaskClient, session: Session, proposal: Proposal, now: datetime
) -> None:
    """A mail scanner that opens every link and posts every form without a token: nothing."""
    ask(desk, session, proposal, channel="mail")
    session.refresh(proposal)
    path = f"/answer/{make_link(session, proposal, now)}"
    session.commit()
    desk.post("/logout", data={"csrf_token": token(desk, "/desk")})
    for _ in range(3):
        assert desk.get(path).status_code == 200
        assert desk.head(path).status_code == 200
    assert desk.post(path, data={"kind": "yes"}).status_code == 400
    session.expire_all()
    assert proposal.state == "contacted"
    assert click(desk, path, path, kind="yes") == 200
    session.expire_all()
    assert proposal.state == "accepted"
    assert "もう終わっています" in desk.get(path).text
    assert session.scalar(select(func.count(Placement.id))) == 1


def test_a_link_that_nobody_made_is_not_there(client: FlaskClient) -> None:
    assert client.get("/answer/" + "x" * 43).status_code == 404
