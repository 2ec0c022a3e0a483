"""T22: contacts of a need that is over are shown to who says what for, and each time is kept."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.disclosures import Disclosure
from tests import factories
from tests.web.browsing import come_in, token

PHONE, ADDRESS = "0191-00-7788", "一関市山目字中野9077"


@pytest.fixture
def over(session: Session, now: datetime) -> Need:
    contact = factories.contact("小野寺 ミツ", phone=PHONE.replace("-", ""))
    made = factories.need(session, now, contact=contact, address=ADDRESS, state="withdrawn")
    session.commit()
    return made


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    held = (("coordinator", None, None),)
    entry = AccountEntry("tanaka", factories.PASSWORD, "田中", held, demo=True)
    made = add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    come_in(client, made.id)
    return client


def shown(session: Session) -> list[tuple[str, list[str]]]:
    rows = session.execute(select(Disclosure.purpose, Disclosure.fields).order_by(Disclosure.id))
    return [(row.purpose, row.fields) for row in rows]


def ask(client: FlaskClient, need: Need, purpose: str) -> tuple[int, str]:
    fields = {"csrf_token": token(client, "/account/password"), "purpose": purpose}
    answer = client.post(f"/desk/needs/{need.reference}/contacts", data=fields)
    return answer.status_code, answer.get_data(as_text=True)


def test_contacts_are_covered_until_staff_say_what_for(
    desk: FlaskClient, session: Session, over: Need
) -> None:
    page = desk.get(f"/desk/needs/{over.reference}").get_data(as_text=True)
    assert "小野寺 ミツ" in page
    assert PHONE not in page
    assert ADDRESS not in page
    assert shown(session) == [("coordination", ["name"])]
    for nothing in ("", "visit", "x" * 300):
        status, page = ask(desk, over, nothing)
        assert (status, PHONE in page, ADDRESS in page) == (422, False, False)
    status, page = ask(desk, over, "call")
    assert (status, PHONE in page, ADDRESS in page) == (200, True, True)
    session.rollback()
    [_first, (purpose, fields)] = shown(session)
    assert purpose == "call"
    assert {"name", "phone", "address"} <= set(fields)


def test_each_asking_is_a_look_of_its_own(desk: FlaskClient, session: Session, over: Need) -> None:
    for _ in range(3):
        ask(desk, over, "complaint")
    session.rollback()
    assert [purpose for purpose, _fields in shown(session)] == ["complaint"] * 3


def test_a_refused_form_uncovers_nothing(desk: FlaskClient, over: Need) -> None:
    fields = {"csrf_token": token(desk, "/account/password")}
    answer = desk.post(f"/desk/needs/{over.reference}/triage", data=fields)
    assert answer.status_code == 422
    assert PHONE not in answer.get_data(as_text=True)


def test_a_need_that_is_work_needs_no_asking(
    desk: FlaskClient, session: Session, over: Need
) -> None:
    over.state = "triaging"
    session.commit()
    assert PHONE in desk.get(f"/desk/needs/{over.reference}").get_data(as_text=True)
    assert ask(desk, over, "call")[0] == 302
