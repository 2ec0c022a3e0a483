"""Phone intake: known people at once, nothing typed lost, nobody entered twice unseen."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matching.kernel import drafts
from matching.kernel.drafts import Draft
from matching.kernel.tasks import Task
from matching.needs.models import Need, NeedNote
from matching.needs.sheet import NeedSheet, sheet_of
from matching.people.models import Consent, Person
from tests import factories
from tests.web.browsing import hidden, sign_in

PAGE = "/desk/intake"
CALL = {
    "requester_name": "小野寺 ハル",
    "requester_kana": "おのでら はる",
    "phone": "0191-00-4321",
    "requester_relation": "self",
    "channel": "phone",
    "urgency": "normal",
    "category": "shopping",
    "title": "足をけがして買い物に行けない",
    "start_date": "2026-12-01",
    "recurrence": "once",
    "gender_preference": "any",
    "address": "一関市山目字中野9012",
    "consent_coordination": "y",
    "person_knows": "unknown",
    "consent_basis": "not_yet",
    "q-shop_list": "米と味噌",
    "q-parking": "yes",
}


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    actor = factories.actor(session, "coordinator")
    session.commit()
    sign_in(client, actor.display_name)
    return client


def send(desk: FlaskClient, path: str = PAGE, **changes: str) -> TestResponse:
    fields = {**hidden(desk, PAGE, PAGE), **CALL, **changes}
    return desk.post(path, data=fields)


def words(answer: TestResponse) -> str:
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


def test_a_call_is_filed_with_its_sheet(desk: FlaskClient, session: Session) -> None:
    assert send(desk).location == "/needs/received"
    need = session.scalars(select(Need)).one()
    assert (need.channel, need.requester_relation) == ("phone", "self")
    sheet = sheet_of(session, need.id)
    assert sheet is not None
    assert sheet.told == {"shop_list": "米と味噌", "parking": "yes"}
    page = words(desk.get(f"/desk/needs/{need.reference}"))
    assert "米と味噌" in page


def test_what_is_typed_is_saved_by_itself_and_resumed(desk: FlaskClient, session: Session) -> None:
    key = hidden(desk, PAGE, PAGE)["request_key"]
    typed = {
        "request_key": key,
        "requester_name": "小野寺",
        "title": "雪",
        "category": "snow_removal",
    }
    answer = send(desk, "/desk/intake/beside", **typed)
    assert "書きかけを保存しました" in words(answer)
    assert "小野寺" in words(desk.get(PAGE))
    page = BeautifulSoup(desk.get(f"{PAGE}?draft={key}").data, "html.parser")
    assert page.find("input", {"name": "requester_name"})["value"] == "小野寺"  # type: ignore[index]
    assert page.find("input", {"name": "request_key"})["value"] == key  # type: ignore[index]
    row = session.scalars(select(Draft)).one()
    assert "小野寺" not in str(row.__dict__["answers_token"])


def test_a_filed_draft_is_gone_and_a_forgotten_one_expires(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    key = hidden(desk, PAGE, PAGE)["request_key"]
    send(desk, "/desk/intake/beside", request_key=key)
    send(desk, request_key=key)
    assert session.scalar(select(func.count(Draft.id))) == 0
    send(desk, "/desk/intake/beside", request_key="another")
    assert drafts.forget_expired(session, now + timedelta(days=29)) == 0
    assert drafts.forget_expired(session, now + timedelta(days=31)) == 1


def test_somebody_known_is_found_while_typing_with_household_and_cases(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    old = factories.need(session, now, contact=factories.contact("千葉 トメ", phone="0191004321"))
    session.get_one(Person, old.requester_id).name_kana = "チバ トメ"
    factories.need(session, now, contact=factories.contact("千葉 一郎", phone="0191004321"))
    session.commit()
    for typed in ({"requester_name": "千葉 ト"}, {"requester_name": "", "requester_kana": "ちば"}):
        found = words(send(desk, "/desk/intake/beside", **{"phone": "", **typed}))
        assert "千葉 トメ" in found
        assert old.reference in found
        assert "千葉 一郎" in found


def test_br05_a_namesake_is_told_apart_before_filing(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    known = factories.need(
        session, now, contact=factories.contact("小野寺 ハル", phone="0191004321")
    )
    session.commit()
    refused = send(desk)
    assert refused.status_code == 422
    assert "同じ方かもしれない" in words(refused)
    assert send(desk, another_person="生年月日を聞いて、別の方とわかった").status_code == 302
    assert session.scalar(select(func.count(Person.id)).where(Person.name == "小野寺 ハル")) == 2
    assert session.scalars(select(NeedNote)).one().body.startswith("生年月日")
    assert send(desk, same_person=str(known.requester_id)).status_code == 302
    assert (
        len(session.scalars(select(Need).where(Need.requester_id == known.requester_id)).all()) == 2
    )


def test_a_found_person_is_taken_over_and_what_was_typed_stays(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    person = factories.need(session, now, contact=factories.contact("千葉 トメ")).requester_id
    session.commit()
    answer = send(desk, "/desk/intake/look", pick=str(person), address="", requester_name="千葉")
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.find("input", {"name": "requester_name"})["value"] == "千葉 トメ"  # type: ignore[index]
    assert page.find("input", {"name": "address"})["value"] == "岩手県一関市山目字中野9012"  # type: ignore[index]
    assert page.find("textarea", {"name": "title"}).get_text().strip() == CALL["title"]  # type: ignore[union-attr]


def test_the_caller_is_kept_apart_from_the_person_and_consent_is_asked_for(
    desk: FlaskClient, session: Session
) -> None:
    answer = send(
        desk,
        requester_relation="child",
        person_name="小野寺 ツネ",
        person_birth="昭和10年1月2日",
        person_knows="yes",
    )
    assert answer.status_code == 302
    need = session.scalars(select(Need)).one()
    person = session.get_one(Person, need.requester_id)
    assert (person.name, need.proxy_name, need.proxy_phone) == (
        "小野寺 ツネ",
        "小野寺 ハル",
        "0191004321",
    )
    assert need.recipient_age == 91
    assert session.scalars(select(Consent.state)).all() == ["requested"]
    kinds = session.scalars(select(Task.kind).where(Task.subject_type == "need")).all()
    assert "consent_missing" in kinds


def test_no_telephone_is_an_answer_if_there_is_another_way(
    desk: FlaskClient, session: Session
) -> None:
    assert send(desk, phone="電話なし").status_code == 422
    assert send(desk, phone="電話なし", other_way="となりの佐藤さんに伝える").status_code == 302
    need = session.scalars(select(Need)).one()
    told = session.scalars(select(NeedSheet)).one().told
    assert session.get_one(Person, need.requester_id).phone is None
    assert told["other_way"] == "となりの佐藤さんに伝える"


def test_br22_a_fare_is_refused_with_the_desk_that_helps(desk: FlaskClient) -> None:
    fields = {"category": "transport", "title": "病院まで300円で送ってほしい"}
    beside = words(send(desk, "/desk/intake/beside", **fields))
    assert "住民参加型" in beside
    assert send(desk, **fields).status_code == 422


def test_place_now_accepts_and_leads_to_the_candidates(desk: FlaskClient, session: Session) -> None:
    answer = send(desk, then="place")
    need = session.scalars(select(Need)).one()
    assert answer.location == f"/desk/needs/{need.reference}#candidates"
    assert (need.state, need.owner_id is not None) == ("ready", True)


def test_a_double_tap_files_once(desk: FlaskClient, session: Session) -> None:
    fields = {**hidden(desk, PAGE, PAGE), **CALL}
    for _ in range(2):
        assert desk.post(PAGE, data=fields).status_code == 302
    assert session.scalar(select(func.count(Need.id))) == 1


def test_drafts_of_another_area_are_not_there(client: FlaskClient, session: Session) -> None:
    with_key = {"request_key": "shared"}
    for area, status in (("hanaizumi", 200), ("daito", 404)):
        actor = factories.actor(session, "branch_staff", area=area)
        session.commit()
        sign_in(client, actor.display_name)
        assert send(client, "/desk/intake/beside", **with_key).status_code == status
    assert "小野寺" not in words(client.get(PAGE))
