"""What matters much asks for the password again, and nothing that was typed is lost."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.people.models import Account
from tests.factories import PASSWORD
from tests.web.accounts import account, post
from tests.web.browsing import sign_in, token

TYPED = {"login": "late@example.jp", "name": "遅井", "role": "auditor", "area": "", "district": ""}
TYPED |= {"starts_on": "2026-11-23", "ends_on": ""}


@pytest.fixture
def boss(client: FlaskClient, session: Session) -> FlaskClient:
    account(session, "boss", "center_manager")
    sign_in(client, "boss")
    return client


def wait(minutes: int) -> None:
    clock.freeze(clock.now() + timedelta(minutes=minutes))


def test_a_fresh_proof_is_enough(boss: FlaskClient) -> None:
    wait(9)
    assert boss.get("/admin/accounts/new").status_code == 200


def test_a_page_asks_and_then_opens(boss: FlaskClient) -> None:
    wait(10)
    asked = boss.get("/admin/accounts/new?x=1").location
    assert asked == "/account/confirm?next=/admin/accounts/new?x%3D1"
    before = boss.get_cookie("musubi")
    fields = {"confirm_to": "/admin/accounts/new?x=1", "confirm_password": PASSWORD}
    answer = post(boss, "/account/confirm", **fields)
    assert (answer.status_code, answer.location) == (303, "/admin/accounts/new?x=1")
    assert before != boss.get_cookie("musubi")
    assert boss.get("/admin/accounts/new").status_code == 200


def test_an_interrupted_form_goes_on_as_it_was_typed(boss: FlaskClient, session: Session) -> None:
    form = TYPED | {"csrf_token": token(boss, "/admin/accounts/new"), "request_key": "late"}
    wait(20)
    stopped = boss.post("/admin/accounts/new", data=form)
    assert stopped.status_code == 403
    page = BeautifulSoup(stopped.data, "html.parser")
    kept = {
        str(each["name"]): str(each["value"])
        for each in page.select("main form input[type=hidden]")
    }
    assert TYPED.items() <= kept.items()
    assert session.scalars(select(Account).where(Account.login == TYPED["login"])).all() == []

    wrong = boss.post("/account/confirm", data=kept | {"confirm_password": "not the password"})
    assert wrong.status_code == 422
    right = boss.post("/account/confirm", data=kept | {"confirm_password": PASSWORD})
    assert (right.status_code, right.location) == (307, "/admin/accounts/new")
    again = boss.post("/admin/accounts/new", data=kept | {"confirm_password": PASSWORD})
    assert again.status_code == 302
    assert session.scalars(select(Account).where(Account.login == TYPED["login"])).one()


def test_a_button_without_fields_goes_on_as_well(boss: FlaskClient, session: Session) -> None:
    other = account(session, "leaver", "auditor")
    page = f"/admin/accounts/{other.id}"
    key = token(boss, page)
    wait(20)
    stopped = boss.post(f"{page}/disable", data={"csrf_token": key})
    fields = BeautifulSoup(stopped.data, "html.parser").select("main form input[type=hidden]")
    kept = {str(each["name"]): str(each["value"]) for each in fields}
    wrong = boss.post("/account/confirm", data=kept | {"confirm_password": "not the password"})
    assert "confirm_sent" in wrong.text
    right = boss.post("/account/confirm", data=kept | {"confirm_password": PASSWORD})
    assert (right.status_code, right.location) == (307, f"{page}/disable")
    assert boss.post(f"{page}/disable", data=kept).status_code == 302
    session.refresh(other)
    assert other.disabled_at is not None


def test_guessing_the_password_of_an_unlocked_screen_is_slowed_down(boss: FlaskClient) -> None:
    wait(11)
    for _ in range(6):
        assert post(boss, "/account/confirm", confirm_password="a guess").status_code == 422
    assert post(boss, "/account/confirm", confirm_password=PASSWORD).status_code == 429


@pytest.mark.parametrize("target", ["//example.com", "https://example.com", "／／example.com", ""])
def test_going_on_never_leads_to_another_site(boss: FlaskClient, target: str) -> None:
    answer = post(boss, "/account/confirm", confirm_to=target, confirm_password=PASSWORD)
    assert answer.location == "/desk"
