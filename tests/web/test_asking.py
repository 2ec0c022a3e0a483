"""The form that asks for help: every wrong answer gets a sentence, nothing typed is lost."""

from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matching.kernel import clock
from matching.kernel.outbox import OutboxJob
from matching.needs.models import Need
from matching.people.models import Consent, Person
from tests.web.browsing import hidden

GOOD = {
    "requester_relation": "self",
    "requester_name": "髙橋　みつ",
    "requester_kana": "たかはし みつ",
    "phone": "０１９１ー００ー１２３４",
    "category": "shopping",
    "title": "食料品の買い物をお願いしたい",
    "start_date": "2026-11-30",
    "address": "岩手県一関市赤荻字亀田9012",
    "recurrence": "once",
    "gender_preference": "any",
    "channel": "web",
    "urgency": "normal",
    "consent_coordination": "y",
}


def send(client: FlaskClient, **changes: object) -> TestResponse:
    fields = {**hidden(client, "/needs/new", "/needs/new"), **GOOD, **changes}
    return client.post("/needs/new", data={k: v for k, v in fields.items() if v is not None})


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "html.parser")


def test_a_filed_need_is_received_and_asks_for_a_plan(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    answer = send(client)
    assert answer.location == "/needs/received"
    need = session.scalars(select(Need)).one()
    person = session.get_one(Person, need.requester_id)
    assert (need.state, need.reference, need.received_at) == ("received", "R8-0001", now)
    assert (person.name, person.name_kana, person.phone) == (
        "髙橋 みつ",
        "タカハシ ミツ",
        "0191001234",
    )
    assert (need.area_code, need.start_on) == ("ichinoseki", date(2026, 11, 30))
    assert need.lat is not None
    assert [job.name for job in session.scalars(select(OutboxJob))] == ["plan"]
    assert [c.purpose for c in session.scalars(select(Consent))] == ["coordination_use"]
    received = client.get("/needs/received").get_data(as_text=True)
    assert "R8-0001" in received


@pytest.mark.parametrize(
    "typed",
    ["令和8年11月30日", "R8.11.30", "２０２６／１１／３０", "2026年11月30日（月）", "20261130"],
)
def test_a_date_is_read_as_people_write_it(
    client: FlaskClient, session: Session, typed: str
) -> None:
    assert send(client, start_date=typed).status_code == 302
    assert session.scalars(select(Need)).one().start_on == date(2026, 11, 30)


WRONG = [
    ("requester_name", ""),
    ("requester_name", "   "),
    ("requester_name", "あ" * 201),
    ("requester_kana", "123"),
    ("phone", ""),
    ("phone", "119"),
    ("phone", "電話です"),
    ("email", "not an address"),
    ("category", "nothing_of_ours"),
    ("category", "snow_roof"),
    ("title", ""),
    ("title", "あ" * 2001),
    ("start_date", ""),
    ("start_date", "そのうち"),
    ("start_date", "2026-02-30"),
    ("start_date", "2020-01-01"),
    ("end_date", "2026-11-29"),
    ("time_from", "25:00"),
    ("time_to", "夕方ごろ"),
    ("duration_minutes", "ずっと"),
    ("headcount", "0"),
    ("headcount", "201"),
    ("headcount", "-1"),
    ("headcount", "たくさん"),
    ("postal_code", "021-00"),
    ("address", ""),
    ("recipient_age", "千歳"),
    ("household", "castle"),
    ("gender_preference", "Q"),
    ("recurrence", "hourly"),
    ("requester_relation", "cat"),
    ("weekdays", "9"),
    ("consent_coordination", None),
]


@pytest.mark.parametrize(("field", "typed"), WRONG)
def test_a_wrong_answer_gets_a_sentence_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, field: str, typed: str | None
) -> None:
    answer = send(client, **{field: typed})
    assert answer.status_code == 422
    page = page_of(answer)
    assert page.select_one(".error-summary"), "no summary of what to mend"
    assert page.find("textarea", {"name": "title"}) is not None
    kept = page.find("input", {"name": "address"})
    assert kept is not None
    assert kept["value"] == (typed if field == "address" else GOOD["address"])
    assert session.scalar(select(func.count(Need.id))) == 0


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "@SUM(A1:A9)",
    "髙﨑𠮷邉 齋",
    "👵🏠🛒",
    "a\x00b",
    "\u202eevil",
    "{{ 7*7 }}",
    "'; DROP TABLE needs; --",
    "\r\nBcc: x@example.jp",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_kept_as_text(client: FlaskClient, session: Session, typed: str) -> None:
    answer = send(client, title=typed, note=typed)
    assert answer.status_code == 302
    need = session.scalars(select(Need)).one()
    assert need.title == typed.replace("\x00", "").replace("\u202e", "").strip()
    assert "<script>alert" not in client.get("/needs/received").get_data(as_text=True)


def test_a_double_tap_makes_one_need(client: FlaskClient, session: Session) -> None:
    fields = {**hidden(client, "/needs/new", "/needs/new"), **GOOD}
    for _ in range(3):
        assert client.post("/needs/new", data=fields).location == "/needs/received"
    assert session.scalar(select(func.count(Need.id))) == 1


def test_the_key_of_another_browser_finds_nothing(client: FlaskClient, session: Session) -> None:
    send(client, request_key="shared")
    other = client.application.test_client()
    send(other, request_key="shared")
    assert session.scalar(select(func.count(Need.id))) == 2


def test_a_need_for_a_day_gone_by_names_the_day(client: FlaskClient, now: datetime) -> None:
    gone = clock.local_date(now) - timedelta(days=1)
    answer = send(client, start_date=gone.isoformat())
    assert "すでに過ぎています" in answer.get_data(as_text=True)


def test_a_visit_longer_than_its_window_is_refused(client: FlaskClient) -> None:
    answer = send(client, time_from="9:00", time_to="10:00", duration_minutes="2時間")
    assert answer.status_code == 422
    assert "所要時間" in answer.get_data(as_text=True)


def test_a_body_of_ten_megabytes_is_refused_kindly(client: FlaskClient) -> None:
    answer = send(client, title="あ" * 4_000_000)
    assert answer.status_code == 413
