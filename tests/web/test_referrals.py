"""Referrals on the need page and on the worklist."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.needs.models import Need
from matching.needs.referral_models import CaseConference, Referral
from tests import factories
from tests.web.browsing import hidden, sign_in


@pytest.fixture
def page(client: FlaskClient, session: Session, now: datetime) -> str:
    need = factories.need(session, now, state="received", name="千葉 トメ")
    actor = factories.actor(session, "coordinator")
    session.commit()
    sign_in(client, actor.display_name)
    return f"/desk/needs/{need.reference}"


def send(client: FlaskClient, page: str, action: str, **fields: object) -> int:
    return client.post(action, data={**hidden(client, page, action), **fields}).status_code


def test_two_desks_are_asked_and_chased_on_the_worklist(
    client: FlaskClient, session: Session, page: str
) -> None:
    desks = ["community_general_support", "legal"]
    assert send(client, page, f"{page}/referrals", desks=desks) == 302
    first, _second = session.scalars(select(Referral).order_by(Referral.id))
    action = f"/desk/referrals/{first.id}"
    assert send(client, page, action, state="consented", said="本人、電話で") == 302
    session.expire_all()
    assert first.state == "consented"
    shown = client.get("/desk").get_data(as_text=True)
    assert "地域包括支援センター" in shown
    assert f"{page}#referrals" in shown


def test_triage_hands_a_need_to_the_ticked_desks(
    client: FlaskClient, session: Session, page: str
) -> None:
    said = {"outcome": "refer", "reason": "介護の相談", "next_action": "返事を待つ"}
    decision = {**said, "desks": ["city_elderly"], "risk_level": "R2", "site_check": "phone"}
    assert send(client, page, f"{page}/triage", **decision) == 302
    assert session.scalars(select(Need.state)).one() == "referred"
    assert session.scalars(select(Referral.desk_code)).all() == ["city_elderly"]


def test_a_refusal_is_said_and_changes_nothing(
    client: FlaskClient, session: Session, page: str
) -> None:
    assert send(client, page, f"{page}/referrals") == 302
    assert "つなぐ窓口を選んでください" in client.get(page).get_data(as_text=True)
    assert session.scalars(select(Referral)).all() == []


def test_a_case_conference_is_kept(client: FlaskClient, session: Session, page: str) -> None:
    talk = {"attended": "包括、民生委員", "found": "まず訪ねる", "next_on": "2026-12-01"}
    assert send(client, page, f"{page}/conference", **talk) == 302
    assert session.scalars(select(CaseConference)).one().found == "まず訪ねる"
    assert "まず訪ねる" in client.get(page).get_data(as_text=True)


@pytest.mark.parametrize("area", ["daito"])
def test_a_referral_of_another_area_is_not_there(
    client: FlaskClient, session: Session, page: str, area: str
) -> None:
    send(client, page, f"{page}/referrals", desks=["legal"])
    referral = session.scalars(select(Referral)).one()
    fields = hidden(client, page, f"/desk/referrals/{referral.id}")
    other = factories.actor(session, "branch_staff", area=area)
    session.commit()
    client.delete_cookie("musubi")
    sign_in(client, other.display_name)
    fields |= {**hidden(client, "/desk/paper", "/desk/paper"), "state": "closed"}
    assert client.post(f"/desk/referrals/{referral.id}", data=fields).status_code == 404
