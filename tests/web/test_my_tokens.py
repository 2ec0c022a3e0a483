"""A token of my account is made on a page, shown once, and ended there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.people.models import Account
from matching.people.tokens import ApiToken, make_token
from tests import factories
from tests.web.browsing import hidden, sign_in

PAGE = "/account/tokens"


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    actor = factories.actor(session, "coordinator")
    login = session.get_one(Account, actor.account_id).login
    session.commit()
    sign_in(client, login)
    return client


def made(client: FlaskClient, **fields: str) -> tuple[str, dict[str, str]]:
    data = hidden(client, PAGE) | {"name": "集計表", "scope": "read"} | fields
    page = BeautifulSoup(client.post(PAGE, data=data).data, "html.parser")
    shown = page.select_one("code.secret")
    return shown.text if shown else "", data


def status(client: FlaskClient, token: str, method: str = "GET", path: str = "/areas") -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return client.open(f"/api/v1{path}", method=method, headers=headers, json={}).status_code


def test_a_token_from_the_page_opens_the_api_within_its_scope(
    staff: FlaskClient, session: Session
) -> None:
    token, _sent = made(staff)
    assert status(staff, token) == 200
    assert status(staff, token, "POST", "/plans") == 403
    wider, _sent = made(staff, scope="write", name="つくる")
    assert status(staff, wider, "POST", "/plans") == 202


def test_it_is_shown_once_and_kept_as_a_digest(staff: FlaskClient, session: Session) -> None:
    token, sent = made(staff)
    assert token.startswith("musubi_")
    again = staff.post(PAGE, data=sent, follow_redirects=True).get_data(as_text=True)
    assert token not in again
    assert token not in staff.get(PAGE).get_data(as_text=True)
    [kept] = session.scalars(select(ApiToken)).all()
    assert token not in str(vars(kept))


def test_a_token_ended_on_the_page_opens_nothing(staff: FlaskClient, session: Session) -> None:
    token, _sent = made(staff)
    number = session.scalars(select(ApiToken.id)).one()
    end = f"{PAGE}/{number}/revoke"
    assert staff.post(end, data=hidden(staff, PAGE, end)).status_code == 302
    assert status(staff, token) == 401


def test_nobody_ends_a_token_of_somebody_else(staff: FlaskClient, session: Session) -> None:
    other = factories.actor(session, "coordinator")
    token = make_token(session, other.account_id or 0, "ほかの人の表", "read", other, clock.now())
    session.commit()
    number = session.scalars(select(ApiToken.id)).one()
    assert "ほかの人の表" not in staff.get(PAGE).get_data(as_text=True)
    sent = staff.post(f"{PAGE}/{number}/revoke", data=hidden(staff, PAGE))
    assert sent.status_code == 404
    assert status(staff, token) == 200


def test_without_a_name_no_token_is_made(staff: FlaskClient, session: Session) -> None:
    data = hidden(staff, PAGE) | {"name": " ", "scope": "read"}
    assert staff.post(PAGE, data=data).status_code == 422
    assert session.scalars(select(ApiToken)).all() == []


def test_a_token_is_made_only_shortly_after_a_proof_of_who_sits_there(
    staff: FlaskClient, session: Session
) -> None:
    data = hidden(staff, PAGE) | {"name": "集計表", "scope": "read"}
    clock.freeze(clock.now() + timedelta(minutes=11))
    assert staff.get(PAGE).headers["Location"].startswith("/account/confirm")
    assert staff.post(PAGE, data=data).status_code == 403
    assert session.scalars(select(ApiToken)).all() == []
