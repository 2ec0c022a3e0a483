"""A second factor: asked of everybody who acts for others, good once, no way around it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.permissions import OFFICE, ROLES
from matching.people.credentials import RecoveryCode
from matching.people.models import Account
from tests.factories import PASSWORD
from tests.web.accounts import account, enrol, knock, post
from tests.web.browsing import token


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_acts_for_others_sees_nothing_before_there_is_a_second_factor(
    client: FlaskClient, session: Session, role: str
) -> None:
    account(session, "somebody", role)
    assert knock(client, "somebody").status_code == 302
    answer = client.get("/account")
    if role not in OFFICE:
        assert answer.status_code == 200
        return
    for path in ("/account", "/my", "/desk", "/admin", "/reports"):
        seen = client.get(path).status_code
        assert seen in {302, 404}, path
    assert answer.location == "/account/factors"
    sent = client.post("/needs/new", data={"csrf_token": token(client, "/account/factors")})
    assert sent.status_code == 404
    enrol(client)
    assert client.get("/account").status_code == 200


def test_name_and_password_alone_do_not_open_the_desk(
    client: FlaskClient, app: Flask, session: Session, now: datetime
) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    phone, _ = enrol(client)
    other = app.test_client()
    assert knock(other, "tanaka").location == "/login/code"
    assert other.get("/desk").status_code == 302
    assert post(other, "/login/code", code=phone.code()).location == "/desk"
    assert other.get("/desk").status_code == 200


def test_a_code_is_good_once_and_for_a_step_on_either_side(
    client: FlaskClient, app: Flask, session: Session, now: datetime
) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    phone, _ = enrol(client)  # used the code of the step before

    def bring(code: str) -> int:
        other = app.test_client()
        knock(other, "tanaka")
        return post(other, "/login/code", code=code).status_code

    assert bring(phone.code(-1)) == 422
    assert bring(phone.code(0)) == 302
    assert bring(phone.code(0)) == 422
    assert bring(phone.code(2)) == 422
    clock.freeze(now + timedelta(seconds=90))
    assert bring(phone.code(-3)) == 422
    assert bring("".join(chr(ord(digit) + 0xFEE0) for digit in phone.code(1))) == 302


def test_six_wrong_codes_end_the_attempt(client: FlaskClient, app: Flask, session: Session) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    phone, _ = enrol(client)
    other = app.test_client()
    knock(other, "tanaka")
    for _ in range(5):
        assert post(other, "/login/code", code="not it").status_code == 422
    assert post(other, "/login/code", code="not it").location == "/login?again=1"
    fields = {"csrf_token": token(other, "/login"), "code": phone.code()}
    assert other.post("/login/code", data=fields).location == "/login"
    for _ in range(2):
        knock(other, "tanaka")
        for _ in range(3):
            post(other, "/login/code", code="not it")
    knock(other, "tanaka")
    assert post(other, "/login/code", code=phone.code()).status_code == 429


def test_the_second_step_waits_ten_minutes(
    client: FlaskClient, app: Flask, session: Session, now: datetime
) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    phone, _ = enrol(client)
    other = app.test_client()
    knock(other, "tanaka")
    form = token(other, "/login/code")
    clock.freeze(now + timedelta(minutes=10))
    answer = other.post("/login/code", data={"csrf_token": form, "code": phone.code()})
    assert answer.location == "/login"


def test_spare_codes_are_kept_as_digests_and_used_once(
    client: FlaskClient, app: Flask, session: Session
) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    _, codes = enrol(client)
    assert len(set(codes)) == 10
    stored = session.scalars(select(RecoveryCode.digest)).all()
    assert len(stored) == 10
    assert not set(codes) & set(stored)
    for written, status in ((codes[3].upper().replace("-", " "), 302), (codes[3], 422)):
        other = app.test_client()
        knock(other, "tanaka")
        assert post(other, "/login/code", code=written).status_code == status


def test_the_secret_is_sealed_in_the_database(client: FlaskClient, session: Session) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    phone, _ = enrol(client)
    for row in ("SELECT secret FROM totp_secrets", "SELECT data::text FROM login_sessions"):
        assert phone.app.secret not in str(session.execute(text(row)).all())


def test_the_last_factor_of_who_needs_one_stays(client: FlaskClient, session: Session) -> None:
    account(session, "tanaka", "coordinator")
    knock(client, "tanaka")
    enrol(client)
    answer = post(client, "/account/factors/app/remove", "/account/factors")
    assert answer.status_code == 422
    assert session.scalars(select(Account.factor_since)).one() is not None


def test_a_volunteer_may_use_one_and_stop(client: FlaskClient, session: Session) -> None:
    account(session, "mori", "volunteer")
    knock(client, "mori")
    enrol(client)
    assert post(client, "/account/factors/app/remove", "/account/factors").status_code == 302
    session.rollback()
    assert session.scalars(select(Account.factor_since)).one() is None
    assert knock(client.application.test_client(), "mori", PASSWORD).location == "/my"
