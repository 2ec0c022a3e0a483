"""Becoming a volunteer: an application with times, limits and promises."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from matching.people.models import Person
from matching.volunteers import queries
from matching.volunteers.models import Volunteer
from tests.web.browsing import hidden

GOOD = {
    "name": "﨑山 𠮷子",
    "name_kana": "さきやま よしこ",
    "birth_date": "昭和35年4月1日",
    "phone": "090-0000-1234",
    "address": "岩手県一関市花泉町涌津9013",
    "categories": ["shopping", "talk"],
    "skills": ["listening"],
    "availability": ["0-morning", "2-afternoon"],
    "transport": "car",
    "contact_method": "phone",
    "max_distance_km": "１０",
    "consent_coordination": "y",
    "pledge": "y",
}


def send(client: FlaskClient, **changes: object) -> TestResponse:
    fields = {**hidden(client, "/register/volunteer", "/register/volunteer"), **GOOD, **changes}
    return client.post(
        "/register/volunteer", data=MultiDict({k: v for k, v in fields.items() if v is not None})
    )


def test_an_application_waits_for_an_interview(client: FlaskClient, session: Session) -> None:
    assert send(client).location == "/register/received"
    volunteer = session.scalars(select(Volunteer)).one()
    person = session.get_one(Person, volunteer.person_id)
    assert volunteer.state == "applicant"
    assert (person.name, person.birth_on) == ("﨑山 𠮷子", date(1960, 4, 1))
    assert (person.mobile, person.area_code) == ("09000001234", "hanaizumi")
    assert queries.codes_of(session, volunteer.id) == (["shopping", "talk"], ["listening"])
    slots = [
        (slot.weekday, slot.starts_minute, slot.ends_minute)
        for slot in queries.slots_of(session, volunteer.id)
    ]
    assert slots == [(0, 540, 720), (2, 780, 1020)]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name_kana", ""),
        ("birth_date", "4月1日"),
        ("phone", "12"),
        ("phone", None),
        ("address", ""),
        ("categories", None),
        ("categories", ["snow_roof"]),
        ("skills", ["flying"]),
        ("availability", ["7-morning"]),
        ("transport", "rocket"),
        ("max_distance_km", "遠く"),
        ("max_distance_km", "-1"),
        ("max_visits_per_week", "1000"),
        ("notice_days", "1.5"),
        ("consent_coordination", None),
        ("pledge", None),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, field: str, typed: object
) -> None:
    answer = send(client, **{field: typed})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one(".error-summary")
    kept = page.find("input", {"name": "name"})
    assert kept is not None
    assert kept["value"] == ("" if field == "name" else GOOD["name"])
    box = page.find("input", {"name": "availability", "value": "0-morning"})
    assert box is not None
    assert box.has_attr("checked") == (field != "availability")
    assert session.scalar(select(func.count(Volunteer.id))) == 0
