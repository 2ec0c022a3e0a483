"""Signing in reveals nothing, rotates the session, and ends with a role's term."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import LoginSession, Role
from tests.factories import PASSWORD
from tests.web.browsing import sign_in, token


@pytest.fixture(autouse=True)
def coordinator(session: Session, now: datetime) -> None:
    entry = AccountEntry("tanaka", PASSWORD, "田中", (("coordinator", None, None),))
    add_account(session, entry, SYSTEM, now)
    session.commit()


def test_a_coordinator_lands_on_the_desk(client: FlaskClient) -> None:
    answer = sign_in(client, "tanaka")
    assert (answer.status_code, answer.location) == (302, "/desk")
    assert client.get("/desk").status_code == 200


def test_wrong_name_and_wrong_password_look_the_same(client: FlaskClient) -> None:
    def told(login: str, password: str) -> tuple[int, str]:
        answer = sign_in(client, login, password)
        summary = BeautifulSoup(answer.data, "html.parser").select_one(".error-summary, .notice")
        return answer.status_code, summary.get_text() if summary else ""

    assert told("tanaka", "wrong password") == told("nobody", PASSWORD)
    assert told("nobody", PASSWORD)[0] == 422


def test_the_session_gets_a_new_token_at_sign_in(client: FlaskClient, session: Session) -> None:
    token(client, "/login")
    before = client.get_cookie("musubi")
    sign_in(client, "tanaka")
    after = client.get_cookie("musubi")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert len(session.scalars(select(LoginSession)).all()) == 1


def test_an_old_cookie_is_worth_nothing_after_sign_out(client: FlaskClient) -> None:
    sign_in(client, "tanaka")
    kept = client.get_cookie("musubi")
    assert kept is not None
    client.post("/logout", data={"csrf_token": token(client, "/desk")})
    client.set_cookie("musubi", kept.value)
    assert client.get("/desk").location == "/login?next=/desk"


def test_a_role_counts_to_the_last_moment_of_its_term(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    """BR-30."""
    role = session.scalars(select(Role)).one()
    role.ends_on = clock.local_date(now)
    session.commit()
    last_second = datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC)
    clock.freeze(last_second)
    sign_in(client, "tanaka")
    assert client.get("/desk").status_code == 200
    clock.freeze(last_second + timedelta(seconds=1))
    assert client.get("/desk").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        *("https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"),
        *("\\\\example.com", "/\t/example.com"),
    ],
)
def test_sign_in_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    data = {"login": "tanaka", "password": PASSWORD, "csrf_token": token(client, "/login")}
    answer = client.post("/login", query_string={"next": target}, data=data)
    assert answer.location == "/desk"


def test_without_its_token_a_form_is_not_taken_and_nothing_typed_is_lost(
    client: FlaskClient,
) -> None:
    answer = client.post("/needs/new", data={"title": "雪かきをお願いします"})
    assert answer.status_code == 400
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.find("input", {"name": "title", "value": "雪かきをお願いします"})


def test_who_keeps_guessing_is_slowed_down_and_the_owner_still_gets_in(
    client: FlaskClient, now: datetime
) -> None:
    for _ in range(10):
        assert sign_in(client, "tanaka", "a wrong guess").status_code == 422
    refused = sign_in(client, "tanaka")
    assert refused.status_code == 429
    assert "15分" in refused.get_data(as_text=True)
    fields = {"login": "tanaka", "password": PASSWORD, "csrf_token": token(client, "/login")}
    elsewhere = client.post("/login", data=fields, environ_base={"REMOTE_ADDR": "127.0.0.9"})
    assert elsewhere.status_code == 302
    client.post("/logout", data={"csrf_token": token(client, "/desk")})
    clock.freeze(now + timedelta(minutes=16))
    assert sign_in(client, "tanaka").status_code == 302
