"""The workshop of weights: a draft is tried, proposed by one and approved by another."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.coordination import weighing
from matching.engine import FACTORS, STANDARD
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in

POINTS = {name: str(STANDARD.points[name]) for name in FACTORS}
MOVED = POINTS | {"distance": "250", "fairness": "70", "note": "冬は近い人から"}


@pytest.fixture
def both(app: Flask, session: Session) -> tuple[FlaskClient, FlaskClient]:
    clients = []
    for role in ("coordinator", "center_manager"):
        entry = AccountEntry(role, PASSWORD, role, ((role, None, None),))
        add_account(session, entry, SYSTEM, clock.now())
        session.commit()
        client = app.test_client()
        sign_in(client, role)
        clients.append(client)
    return clients[0], clients[1]


def send(client: FlaskClient, path: str, action: str, **fields: str) -> int:
    return client.post(action, data={**hidden(client, path, action), **fields}).status_code


def test_two_people_make_new_weights_live(
    both: tuple[FlaskClient, FlaskClient], session: Session
) -> None:
    one, other = both
    assert send(one, "/admin/weights", "/admin/weights/drafts", **MOVED) == 302
    path = "/admin/weights/2"
    assert "計算しています" in one.get(path).get_data(as_text=True)
    assert send(one, path, f"{path}/propose") == 302
    own = BeautifulSoup(one.get(path).data, "html.parser")
    assert "ほかの人の承認を待っています" in own.get_text()
    assert not own.select(f"form[action='{path}/approve']")
    forced = {**hidden(one, path, f"{path}/withdraw")}
    assert one.post(f"{path}/approve", data=forced).status_code == 409
    assert send(other, path, f"{path}/approve") == 302
    assert weighing.live_weights(session).points["distance"] == 250
    assert send(other, "/admin/weights", "/admin/weights/return") == 302
    assert send(one, "/admin/weights/3", "/admin/weights/3/approve") == 302
    session.expire_all()
    assert weighing.live_weights(session).points == STANDARD.points


@pytest.mark.parametrize("wrong", ["201", "", "x", "-5", "9999999999"])
def test_what_does_not_add_up_is_given_back_as_typed(
    both: tuple[FlaskClient, FlaskClient], session: Session, wrong: str
) -> None:
    fields = {**hidden(both[0], "/admin/weights", "/admin/weights/drafts"), **POINTS}
    answer = both[0].post("/admin/weights/drafts", data=fields | {"distance": wrong})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one("#weight-distance")["value"] == wrong  # type: ignore[index]
    assert len(weighing.list_versions(session)) == 1


def test_a_version_that_is_not_there_is_not_found(both: tuple[FlaskClient, FlaskClient]) -> None:
    assert both[0].get("/admin/weights/99").status_code == 404
