"""A session ends when it should, everywhere, and a kept cookie is worth nothing afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people import managing, tickets
from matching.people.models import Account, LoginSession, Role
from tests.factories import PASSWORD
from tests.web.accounts import account, knock, post
from tests.web.browsing import sign_in, token

NEW = "quiet river under snow"


def cookie(client: FlaskClient) -> str:
    kept = client.get_cookie("musubi")
    assert kept is not None
    return kept.value


def replayed(app: Flask, kept: str) -> int:
    thief = app.test_client()
    thief.set_cookie("musubi", kept)
    return thief.get("/account").status_code


def changes_password(client: FlaskClient, session: Session, _account: Account) -> None:
    other = client.application.test_client()
    knock(other, "mori")
    fields = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert post(other, "/account/password", **fields).status_code == 302
    assert other.get("/account").status_code == 200


def resets_password(client: FlaskClient, session: Session, account: Account) -> None:
    minted = tickets.mint(session, account, "reset", SYSTEM, clock.now())
    session.commit()
    other = client.application.test_client()
    other.get(f"/reset/{minted.token}")
    assert post(other, "/choose-password", password=NEW, again=NEW).location == "/login"


def is_given_a_role(client: FlaskClient, session: Session, account: Account) -> None:
    entry = managing.RoleEntry("requester", None, None, clock.today(), None)
    managing.give_role(session, account.id, account.version, entry, SYSTEM, clock.now())
    session.commit()


def is_disabled(client: FlaskClient, session: Session, account: Account) -> None:
    managing.disable(session, account.id, SYSTEM, clock.now())
    session.commit()


def is_ended_by_an_administrator(client: FlaskClient, session: Session, account: Account) -> None:
    managing.end_sessions(session, account.id, SYSTEM, clock.now())
    session.commit()


def is_ended_from_another_device(client: FlaskClient, session: Session, account: Account) -> None:
    [mine] = session.scalars(select(LoginSession).where(LoginSession.account_id == account.id))
    other = client.application.test_client()
    knock(other, "mori")
    assert post(other, f"/account/sessions/{mine.id}/end", "/account").status_code == 302


def is_ended_with_all_others(client: FlaskClient, session: Session, account: Account) -> None:
    other = client.application.test_client()
    knock(other, "mori")
    assert post(other, "/account/sessions/end-others", "/account").status_code == 302
    assert other.get("/account").status_code == 200


def logs_out(client: FlaskClient, session: Session, account: Account) -> None:
    assert post(client, "/logout", "/account").status_code == 302


def comes_to_the_end_of_the_term(client: FlaskClient, session: Session, account: Account) -> None:
    session.scalars(select(Role)).one().ends_on = clock.today()
    session.commit()
    clock.freeze(datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC))
    assert client.get("/account").status_code == 200
    clock.freeze(datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC))


ENDS = [
    changes_password,
    resets_password,
    is_given_a_role,
    is_disabled,
    is_ended_by_an_administrator,
    is_ended_from_another_device,
    is_ended_with_all_others,
    logs_out,
    comes_to_the_end_of_the_term,
]


@pytest.mark.parametrize("end", ENDS, ids=[end.__name__ for end in ENDS])
def test_a_kept_cookie_is_refused_after_the_owner(
    client: FlaskClient,
    session: Session,
    end: Callable[[FlaskClient, Session, Account], None],
) -> None:
    made = account(session, "mori", "volunteer")
    knock(client, "mori")
    kept = cookie(client)
    assert replayed(client.application, kept) == 200
    end(client, session, made)
    assert replayed(client.application, kept) == 302


def test_a_session_opened_while_the_password_changes_is_over(
    client: FlaskClient, session: Session
) -> None:
    made = account(session, "mori", "volunteer")
    knock(client, "mori")
    made.epoch += 1  # as if the change had committed between the check and the first page
    session.commit()
    assert client.get("/account").status_code == 302


def test_an_ended_session_is_not_brought_back_by_a_request_under_way(
    client: FlaskClient, session: Session
) -> None:
    account(session, "mori", "volunteer")
    knock(client, "mori")
    kept = cookie(client)
    with client.session_transaction() as under_way:
        under_way["anything"] = 1
        session.query(LoginSession).delete()
        session.commit()
    assert session.scalars(select(LoginSession)).all() == []
    assert replayed(client.application, kept) == 302


@pytest.mark.parametrize(
    ("role", "awake", "asleep"),
    [
        ("coordinator", timedelta(minutes=29), timedelta(minutes=31)),
        ("volunteer", timedelta(days=6), timedelta(days=7, minutes=1)),
    ],
)
def test_a_quiet_session_ends(
    client: FlaskClient,
    session: Session,
    now: datetime,
    role: str,
    awake: timedelta,
    asleep: timedelta,
) -> None:
    account(session, "tanaka", role)
    sign_in(client, "tanaka")
    clock.freeze(now + awake)
    assert client.get("/account").status_code == 200
    clock.freeze(now + awake + asleep)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("role", "step", "longest"),
    [
        ("coordinator", timedelta(minutes=20), timedelta(hours=12)),
        ("volunteer", timedelta(days=3), timedelta(days=30)),
    ],
)
def test_no_session_lasts_longer_however_busy(
    client: FlaskClient,
    session: Session,
    now: datetime,
    role: str,
    step: timedelta,
    longest: timedelta,
) -> None:
    account(session, "tanaka", role)
    sign_in(client, "tanaka")
    at = step
    while at < longest:
        clock.freeze(now + at)
        assert client.get("/account").status_code == 200, at
        at += step
    clock.freeze(now + longest)
    assert client.get("/account").status_code == 302


def test_a_jump_of_the_clock_lengthens_no_session(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    """Ahead and back again, or back at once: what was opened or used in the future is over."""
    account(session, "mori", "volunteer")
    for ahead in (timedelta(minutes=5), timedelta(days=3)):
        clock.freeze(now)
        knock(client, "mori")
        [ends_at] = session.scalars(select(LoginSession.ends_at).where(LoginSession.account_id > 0))
        clock.freeze(now + ahead)
        assert client.get("/account").status_code == 200
        session.rollback()
        kept = select(LoginSession.ends_at).where(LoginSession.account_id > 0)
        assert session.scalars(kept).all() == [ends_at]  # the end of all is never moved
        clock.freeze(now + timedelta(minutes=1))
        assert client.get("/account").status_code == 302
        session.execute(delete(LoginSession))
        session.commit()
        client.delete_cookie("musubi")
    clock.freeze(now)
    knock(client, "mori")
    clock.freeze(now - timedelta(minutes=1))  # another machine's clock
    assert client.get("/account").status_code == 200
    clock.freeze(now - timedelta(hours=1))
    assert client.get("/account").status_code == 302


def test_a_planted_cookie_stays_nobody(app: Flask, session: Session) -> None:
    account(session, "mori", "volunteer")
    attacker, victim = app.test_client(), app.test_client()
    token(attacker, "/login")
    victim.set_cookie("musubi", cookie(attacker))
    knock(victim, "mori")
    assert victim.get("/account").status_code == 200
    assert attacker.get("/account").status_code == 302


def test_one_flipped_letter_makes_a_stranger(client: FlaskClient, session: Session) -> None:
    account(session, "mori", "volunteer")
    knock(client, "mori")
    kept = cookie(client)
    flipped = ("A" if kept[0] != "A" else "B") + kept[1:]
    assert replayed(client.application, flipped) == 302


@pytest.mark.parametrize(("role", "same_site"), [("coordinator", "Strict"), ("volunteer", "Lax")])
def test_the_cookie_is_bound_to_the_host_on_https(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, role: str, same_site: str
) -> None:
    account(session, "tanaka", role)
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    client = app.test_client()
    base = {"base_url": "https://localhost"}
    page = client.get("/login", **base).get_data(as_text=True)  # type: ignore[arg-type]
    fields = {
        "login": "tanaka",
        "password": PASSWORD,
        "csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0],
    }
    headers = {"Referer": "https://localhost/login"}
    answer = client.post("/login", data=fields, headers=headers, **base)  # type: ignore[arg-type]
    [set_cookie] = [
        line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-musubi=")
    ]
    for word in ("Secure", "HttpOnly", "Path=/", f"SameSite={same_site}"):
        assert word in set_cookie
    assert "Domain" not in set_cookie
    for other in answer.headers.getlist("Set-Cookie"):
        assert "Secure" in other
        assert "SameSite" in other


def test_a_link_from_elsewhere_does_not_cost_the_desk_its_session(
    client: FlaskClient, session: Session
) -> None:
    account(session, "tanaka", "coordinator")
    sign_in(client, "tanaka")
    kept = cookie(client)
    client.delete_cookie("musubi")  # strict: it stays behind when another site leads here
    answer = client.get("/needs/new", headers={"Sec-Fetch-Site": "cross-site"})
    assert 'content="0; url=/needs/new"' in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    client.set_cookie("musubi", kept)
    assert client.get("/desk", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_my_sessions_are_listed_and_nobody_elses_can_be_ended(
    client: FlaskClient, app: Flask, session: Session
) -> None:
    account(session, "mori", "volunteer")
    account(session, "hayashi", "volunteer")
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}
    client.environ_base["HTTP_USER_AGENT"] = agent["User-Agent"]
    knock(client, "mori")
    other = app.test_client()
    knock(other, "hayashi")
    page = client.get("/account").get_data(as_text=True)
    assert "Windows Chrome" in page
    assert page.count('data-label="機器"') == 1
    theirs = session.scalars(
        select(LoginSession.id).join(Account).where(Account.login == "hayashi")
    ).one()
    assert post(client, f"/account/sessions/{theirs}/end", "/account").status_code == 404
    assert other.get("/account").status_code == 200


def test_logging_out_clears_what_the_browser_kept(client: FlaskClient, session: Session) -> None:
    account(session, "mori", "volunteer")
    knock(client, "mori")
    answer = post(client, "/logout", "/my")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
