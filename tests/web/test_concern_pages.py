"""A worry told from any page in two clicks; an inbox of its own for those who look into it."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from matching.people.trust_models import PersonHold
from matching.safeguarding.models import Concern
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in


def signed_in(app: Flask, session: Session, role: str, **settings: object) -> FlaskClient:
    entry = AccountEntry(role, PASSWORD, role, ((role, None, None),), **settings)  # type: ignore[arg-type]
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    client = app.test_client()
    sign_in(client, role)
    return client


def send(client: FlaskClient, path: str, **fields: str) -> int:
    data = hidden(client, path, "/concern") | {"body": "心配です"} | fields
    return client.post("/concern", data=data).status_code


@pytest.mark.parametrize(
    ("role", "page"),
    [("coordinator", "/desk"), ("volunteer", "/my"), ("welfare_commissioner", "/commissioner")],
)
def test_two_clicks_raise_a_concern(app: Flask, session: Session, role: str, page: str) -> None:
    client = signed_in(app, session, role)
    shown = BeautifulSoup(client.get(page).data, "html.parser")
    link = shown.select_one("header a.concern-link")
    assert link is not None
    assert send(client, str(link["href"])) == 302
    assert session.scalar(select(func.count(Concern.id))) == 1


def test_the_first_thing_said_is_what_to_do_in_danger(app: Flask, session: Session) -> None:
    client = signed_in(app, session, "volunteer")
    main = BeautifulSoup(client.get("/concern").data, "html.parser").main
    assert main is not None
    numbers = [str(link["href"]) for link in main.find_all("a", href=True)]
    assert numbers[:2] == ["tel:110", "tel:119"]
    assert {"tel:189", "tel:188", "tel:%238008"} <= set(numbers)


def test_from_a_needs_page_the_concern_is_about_that_household(
    app: Flask, session: Session
) -> None:
    need = factories.need(session, clock.now())
    client = signed_in(app, session, "coordinator")
    shown = BeautifulSoup(client.get(f"/desk/needs/{need.reference}").data, "html.parser")
    href = str(shown.select_one("a.concern-link")["href"])  # type: ignore[index]
    assert send(client, href) == 302
    assert session.scalars(select(PersonHold.person_id)).all() == [need.requester_id]


def test_a_volunteer_cannot_stop_a_household_by_guessing_a_number(
    app: Flask, session: Session
) -> None:
    need = factories.need(session, clock.now())
    client = signed_in(app, session, "volunteer")
    assert send(client, f"/concern?about=need:{need.reference}") == 302
    assert session.scalar(select(func.count(Concern.id))) == 1
    assert session.scalar(select(func.count(PersonHold.id))) == 0


def test_to_others_the_need_is_only_being_arranged(app: Flask, session: Session) -> None:
    need = factories.need(session, clock.now(), name="秘密 花子", title="ないしょの困りごと")
    client = signed_in(app, session, "coordinator")
    send(client, f"/concern?about=need:{need.reference}")
    for path in (f"/desk/needs/{need.reference}", "/desk"):
        words = client.get(path).get_data(as_text=True)
        assert "調整中" in words
        assert "秘密 花子" not in words
        assert "ないしょ" not in words
    boss = signed_in(app, session, "center_manager")
    assert "秘密 花子" in boss.get(f"/desk/needs/{need.reference}").get_data(as_text=True)


def test_the_inbox_is_the_groups_alone_and_calls_for_attention(
    app: Flask, session: Session
) -> None:
    boss = signed_in(app, session, "center_manager")
    reporter = signed_in(app, session, "coordinator")
    assert send(reporter, "/concern") == 302
    number = session.scalars(select(Concern.id)).one()
    for path in ("/desk/safeguarding", f"/desk/safeguarding/{number}"):
        assert reporter.get(path).status_code == 404
        assert "心配" in boss.get(path).get_data(as_text=True)
    assert "page-alert" in boss.get("/desk").get_data(as_text=True)
    assert "page-alert" not in reporter.get("/desk").get_data(as_text=True)


def test_the_whole_way_of_a_concern(app: Flask, session: Session) -> None:
    boss = signed_in(app, session, "center_manager")
    need = factories.need(session, clock.now())
    session.commit()
    send(boss, f"/concern?about=need:{need.reference}")
    own = f"/desk/safeguarding/{session.scalars(select(Concern.id)).one()}"
    steps = [
        ("acknowledge", {}),
        (
            "report",
            {"desk": "市", "method": "phone", "answer": "訪ねる", "told_at": "2026-11-23T08:00"},
        ),
        ("decide", {"decision": "release", "reason": "市が見守る"}),
    ]
    for step, fields in steps:
        data = hidden(boss, own, f"{own}/{step}") | fields
        assert boss.post(f"{own}/{step}", data=data).status_code == 302, step
    session.expire_all()
    assert session.scalars(select(Concern.state)).one() == "closed"
    assert session.scalars(select(PersonHold.ended_at)).one() is not None


def test_nothing_written_is_refused_and_what_was_typed_stays(app: Flask, session: Session) -> None:
    client = signed_in(app, session, "volunteer")
    data = hidden(client, "/concern", "/concern") | {"body": " ", "target": "child"}
    answer = client.post("/concern", data=data)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one("#target-child[checked]") is not None
