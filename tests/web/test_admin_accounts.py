"""Running the log-ins: made without a password, given roles with a term, closed at once."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.audit import Event
from matching.people.models import Account, Role
from tests.factories import PASSWORD
from tests.web.accounts import account, enrol, knock, post
from tests.web.browsing import sign_in, token

NEW = "quiet river under snow"


@pytest.fixture
def boss(client: FlaskClient, session: Session) -> FlaskClient:
    account(session, "boss", "center_manager")
    sign_in(client, "boss")
    return client


def made(boss: FlaskClient, session: Session, **fields: str) -> Account:
    form = {"login": "new@example.jp", "name": "新田", "role": "coordinator", "area": ""}
    form |= {"district": "", "starts_on": "2026-11-23", "ends_on": ""} | fields
    answer = post(boss, "/admin/accounts/new", **form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    session.rollback()
    return session.scalars(select(Account).where(Account.login != "boss")).one()


def letter_code(client: FlaskClient, account_id: int) -> str:
    answer = post(client, f"/admin/accounts/{account_id}/letter", f"/admin/accounts/{account_id}")
    found = BeautifulSoup(answer.data, "html.parser").select_one(".letter__code")
    assert found is not None
    return found.get_text()


def test_from_a_new_log_in_to_the_desk(boss: FlaskClient, app: Flask, session: Session) -> None:
    fresh = made(boss, session)
    code = letter_code(boss, fresh.id)
    person = app.test_client()
    typed = "".join(chr(ord(c) + 0xFEE0) for c in code.upper())
    assert post(person, "/activate", code=typed).location == "/choose-password"
    too_short = post(person, "/choose-password", password="fourteen chars", again="fourteen chars")
    assert too_short.status_code == 422
    assert "15文字以上" in too_short.get_data(as_text=True)
    assert post(person, "/choose-password", password=NEW, again=NEW).location == "/login"
    assert post(person, "/activate", code=code).status_code == 422
    assert knock(person, "ＮＥＷ＠example.jp", NEW).status_code == 302
    assert person.get("/desk").location == "/account/factors"
    enrol(person)
    assert person.get("/desk").status_code == 200


def test_nothing_but_the_password_opens_a_new_log_in(
    boss: FlaskClient, app: Flask, session: Session
) -> None:
    made(boss, session)
    for password in ("", "x", PASSWORD):
        assert knock(app.test_client(), "new@example.jp", password).status_code == 422


def test_a_letter_for_staff_lasts_a_day_and_a_newer_one_replaces_it(
    boss: FlaskClient, app: Flask, session: Session
) -> None:
    fresh = made(boss, session)
    first, second = letter_code(boss, fresh.id), letter_code(boss, fresh.id)
    person = app.test_client()
    assert post(person, "/activate", code=first).status_code == 422
    assert post(person, "/activate", code=second).status_code == 302
    clock.freeze(clock.now() + timedelta(hours=24))
    assert person.get("/choose-password").status_code == 404


def test_a_role_with_its_reach_and_its_term(boss: FlaskClient, session: Session) -> None:
    fresh = made(boss, session)
    page = f"/admin/accounts/{fresh.id}"
    fields = {"role": "welfare_commissioner", "area": "", "district": "", "starts_on": "2026-12-01"}
    fields |= {"ends_on": "2029-11-30", "version": str(fresh.version)}
    assert post(boss, f"{page}/roles", page, **fields).status_code == 422
    page_text = boss.get(page).get_data(as_text=True)
    [district] = re.findall(r'name="district".*?<option value="(\w+)">', page_text, re.S)[:1]
    fields["district"] = district
    fields["request_key"] = "one"
    assert post(boss, f"{page}/roles", page, **fields).status_code == 302
    assert post(boss, f"{page}/roles", page, **fields).status_code == 302
    session.rollback()
    role = session.scalars(select(Role).where(Role.role == "welfare_commissioner")).one()
    assert (role.district_code, role.ends_on.isoformat()) == (district, "2029-11-30")  # type: ignore[union-attr]
    assert role.area_code
    stale = post(boss, f"{page}/roles", page, **(fields | {"request_key": "two"}))
    assert stale.status_code == 409
    actions = session.scalars(select(Event.action).where(Event.subject_id == fresh.id)).all()
    assert "role_given" in actions


def test_ending_a_term_counts_at_midnight(boss: FlaskClient, app: Flask, session: Session) -> None:
    fresh = made(boss, session, role="volunteer")
    person = app.test_client()
    post(person, "/activate", code=letter_code(boss, fresh.id))
    post(person, "/choose-password", password=NEW, again=NEW)
    session.rollback()
    role = session.scalars(select(Role).where(Role.account_id == fresh.id)).one()
    page = f"/admin/accounts/{fresh.id}"
    version = str(session.get_one(Account, fresh.id).version)
    fields = {"ends_on": "2026-11-23", "version": version}
    assert post(boss, f"{page}/roles/{role.id}/end", page, **fields).status_code == 302
    assert knock(person, "new@example.jp", NEW).status_code == 302
    assert person.get("/my").status_code == 200
    clock.freeze(clock.instant(clock.today() + timedelta(days=1), 0))
    assert person.get("/my").status_code == 302
    assert knock(app.test_client(), "new@example.jp", NEW).status_code == 422


def test_nobody_gives_themselves_a_role(boss: FlaskClient, session: Session) -> None:
    me = session.scalars(select(Account).where(Account.login == "boss")).one()
    page = f"/admin/accounts/{me.id}"
    fields = {"role": "system_admin", "area": "", "district": "", "starts_on": "2026-11-23"}
    answer = post(boss, f"{page}/roles", page, **fields, version=str(me.version))
    assert answer.status_code == 422
    assert post(boss, f"{page}/disable", page).status_code == 302
    session.rollback()
    assert session.get_one(Account, me.id).disabled_at is None


def test_a_closed_log_in_opens_nothing_until_it_is_opened_again(
    boss: FlaskClient, app: Flask, session: Session
) -> None:
    person = account(session, "mori", "volunteer")
    page = f"/admin/accounts/{person.id}"
    visitor = app.test_client()
    knock(visitor, "mori")
    assert post(boss, f"{page}/disable", page).status_code == 302
    assert visitor.get("/my").status_code == 302
    assert knock(visitor, "mori").status_code == 422
    assert post(boss, f"{page}/enable", page).status_code == 302
    assert knock(visitor, "mori").status_code == 302


def test_who_lost_the_phone_begins_anew(boss: FlaskClient, app: Flask, session: Session) -> None:
    person = account(session, "tanaka", "coordinator")
    visitor = app.test_client()
    knock(visitor, "tanaka")
    enrol(visitor)
    page = f"/admin/accounts/{person.id}"
    assert post(boss, f"{page}/forget-factors", page).status_code == 302
    assert visitor.get("/desk").location.startswith("/login")  # type: ignore[union-attr]
    assert knock(visitor, "tanaka").location == "/desk"
    assert visitor.get("/desk").location == "/account/factors"


def test_the_technical_administrator_sees_log_in_names_only(
    client: FlaskClient, session: Session
) -> None:
    account(session, "root", "system_admin")
    person = account(session, "mori@example.jp", "volunteer")
    person.display_name = "森 花子"
    session.commit()
    sign_in(client, "root")
    for path in ("/admin/accounts", f"/admin/accounts/{person.id}", "/admin/accounts?q=森"):
        page = client.get(path).get_data(as_text=True)
        assert "森 花子" not in page, path
    assert "mori@example.jp" in client.get("/admin/accounts").get_data(as_text=True)


def test_no_number_and_no_act_is_guessed(boss: FlaskClient) -> None:
    fields = {"csrf_token": token(boss, "/admin/accounts/new")}
    for path in ("/admin/accounts/999999/disable", "/admin/accounts/1/explode"):
        assert boss.post(path, data=fields).status_code == 404
    assert boss.get(f"/admin/accounts/{10**30}").status_code == 404
