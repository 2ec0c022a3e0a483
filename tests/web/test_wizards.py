"""One question a page: back is safe, nothing typed is lost, the whole form still counts."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.drafts import Draft
from matching.needs.models import Need
from matching.needs.sheet import sheet_of
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Consent, Person
from matching.volunteers.models import DayOff, Volunteer
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in

NEED = [
    ("", {"requester_relation": "self"}),
    ("/what", {"category": "shopping"}),
    ("/more", {"title": "米を買ってきてほしい", "q-shop_list": "米5キロ"}),
    ("/when", {"recurrence": "once", "start_date": "2026-11-30", "second_date": "2026-12-01"}),
    ("/where", {"address": "一関市山目字中野9012", "postal_code": "0210041"}),
    ("/notes", {"note": "犬がいます", "gender_preference": "any"}),
    ("/contact", {"requester_name": "菊池 ヨネ", "phone": "0191-00-1111"}),
    ("/consents", {"consent_coordination": "y"}),
]
VOLUNTEER = [
    ("", {"categories": ["talk", "shopping"]}),
    ("/when", {"availability": ["0-morning"], "dates_off": "2026-12-01\n令和8年12月2日"}),
    ("/far", {"transport": "car"}),
    (
        "/you",
        {
            "name": "菊池 翼",
            "name_kana": "きくち つばさ",
            "birth_date": "平成元年4月1日",
            "address": "一関市山目",
            "phone": "090-0000-1111",
            "contact_method": "phone",
        },
    ),
    ("/consents", {"pledge": "y", "consent_coordination": "y"}),
]
Fields = dict[str, object]


def answer(client: FlaskClient, base: str, step: str, fields: Fields) -> TestResponse:
    path = base + step
    return client.post(path, data={**hidden(client, path, path), **fields})


def walk(client: FlaskClient, base: str, steps: list[tuple[str, Fields]]) -> str:
    """Answer one page after the other; returns where the last one led."""
    where = base
    for step, fields in steps:
        assert where == base + step
        sent = answer(client, base, step, fields)
        assert sent.status_code == 302, sent.get_data(as_text=True)[-3000:]
        where = str(sent.location)
    return where


def page(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).data, "html.parser")


def value(client: FlaskClient, path: str, name: str) -> str:
    found = page(client, path).find(["input", "textarea"], {"name": name})
    assert found is not None
    return str(found.get("value") or found.get_text()).strip()


def test_asking_for_help_page_by_page_files_one_need(client: FlaskClient, session: Session) -> None:
    check = walk(client, "/needs/new", NEED)
    assert check == "/needs/new/check"
    shown = page(client, check).get_text(" ", strip=True)
    assert all(
        text in shown for text in ("米5キロ", "菊池 ヨネ", "犬がいます", "一関市山目字中野9012")
    )
    assert "2026年11月30日" in shown and "2026-11-30" not in shown
    assert answer(client, "/needs/new", "/check", {}).location == "/needs/received"
    need = session.scalars(select(Need)).one()
    assert (need.title, need.channel) == ("米を買ってきてほしい", "web")
    assert (need.start_on, need.end_on, need.weekdays) == (
        date(2026, 11, 30),
        date(2026, 12, 1),
        [0, 1],
    )
    sheet = sheet_of(session, need.id)
    assert sheet is not None
    assert sheet.told == {"shop_list": "米5キロ"}
    assert [choice.on.day for choice in sheet.wished] == [30, 1]
    assert session.scalar(select(func.count(Draft.id))) == 0
    assert need.reference in client.get("/needs/received").get_data(as_text=True)


def test_becoming_a_volunteer_page_by_page(client: FlaskClient, session: Session) -> None:
    assert walk(client, "/register/volunteer", VOLUNTEER) == "/register/volunteer/check"
    sent = answer(client, "/register/volunteer", "/check", {})
    assert sent.location == "/register/received"
    assert session.scalars(select(Volunteer)).one().transport == "car"
    off = session.scalars(select(DayOff.off_on).order_by(DayOff.off_on)).all()
    assert off == [date(2026, 12, 1), date(2026, 12, 2)]


def test_answers_survive_a_closed_browser_and_go_back(app: Flask, client: FlaskClient) -> None:
    walk(client, "/needs/new", NEED[:3])
    cookie = client.get_cookie("musubi_draft")
    assert cookie is not None
    again = app.test_client()  # the session is gone, the draft's cookie is not
    again.set_cookie("musubi_draft", cookie.value)
    assert value(again, "/needs/new/more", "title") == "米を買ってきてほしい"
    assert value(again, "/needs/new/more", "q-shop_list") == "米5キロ"
    begin = page(again, "/needs/new")
    assert begin.find("a", href="/needs/new/when") is not None
    stranger = app.test_client()
    assert "米5キロ" not in stranger.get("/needs/new/more").get_data(as_text=True)


def test_a_changed_answer_leads_back_to_the_look_over_everything(client: FlaskClient) -> None:
    walk(client, "/needs/new", NEED)
    assert page(client, "/needs/new/check").find("a", href="/needs/new/contact") is not None
    changed = answer(
        client, "/needs/new", "/contact", {**NEED[6][1], "requester_name": "佐藤 ハナ"}
    )
    assert changed.location == "/needs/new/check"
    assert "佐藤 ハナ" in client.get("/needs/new/check").get_data(as_text=True)


def test_a_draft_is_thrown_away_on_a_shared_device(client: FlaskClient, session: Session) -> None:
    walk(client, "/needs/new", NEED[:3])
    client.post("/needs/new/discard", data=hidden(client, "/needs/new", "/needs/new"))
    assert session.scalar(select(func.count(Draft.id))) == 0


@pytest.mark.parametrize(
    ("step", "fields", "sentence"),
    [
        ("/more", {"title": ""}, "困っていることを"),
        ("/when", {"start_date": "そのうち", "recurrence": "once"}, "日付を読み取れません"),
        ("/when", {"start_date": "2020-01-01", "recurrence": "once"}, "すでに過ぎています"),
        ("/contact", {"requester_name": "", "phone": "0191001111"}, "お名前を入力"),
        ("/contact", {"requester_name": "菊池", "phone": "電話なし"}, "どうすれば連絡がつくか"),
        ("/consents", {}, "この同意がないと"),
    ],
)
def test_a_wrong_answer_is_asked_again_on_its_own_page(
    client: FlaskClient, step: str, fields: Fields, sentence: str
) -> None:
    walk(client, "/needs/new", NEED[: [each[0] for each in NEED].index(step)])
    sent = answer(client, "/needs/new", step, fields)
    assert sent.status_code == 422
    assert sentence in sent.get_data(as_text=True)


def test_br22_a_fare_is_refused_where_it_was_typed(client: FlaskClient) -> None:
    walk(client, "/needs/new", [NEED[0], ("/what", {"category": "transport"})])
    sent = answer(client, "/needs/new", "/more", {"title": "病院まで500円で"})
    assert sent.status_code == 422
    assert "無料" in sent.get_data(as_text=True)


def test_br07_what_volunteers_may_not_do_leads_to_the_desk_that_helps(
    client: FlaskClient, session: Session
) -> None:
    walk(client, "/needs/new", NEED[:1])
    sent = answer(client, "/needs/new", "/what", {"category": "medical_care"})
    assert "訪問看護" in sent.get_data(as_text=True)
    assert client.get("/needs/new/more").location == "/needs/new/what"
    assert session.scalar(select(func.count(Need.id))) == 0


def test_the_town_comes_from_the_postal_code_without_scripts(client: FlaskClient) -> None:
    walk(client, "/needs/new", NEED[:4])
    sent = answer(
        client, "/needs/new", "/where", {"postal_code": "０２１－０００２", "address": ""}
    )
    field = BeautifulSoup(sent.data, "html.parser").find("input", {"name": "address"})
    assert field is not None
    assert field["value"] == "岩手県一関市中里"


def test_br04_a_daughter_asks_and_the_mothers_yes_is_still_to_come(
    client: FlaskClient, session: Session
) -> None:
    mother = {
        "person_name": "菊池 ツル",
        "person_birth": "昭和10年5月5日",
        "consent_basis": "not_yet",
    }
    steps = [("", {"requester_relation": "child"}), ("/person", mother), *NEED[1:]]
    walk(client, "/needs/new", steps)
    answer(client, "/needs/new", "/check", {})
    need = session.scalars(select(Need)).one()
    assert session.get_one(Person, need.requester_id).name == "菊池 ツル"
    assert need.proxy_name == "菊池 ヨネ"
    assert session.scalars(select(Consent.state)).all() == ["requested"]


def test_br10_a_minor_names_a_guardian(client: FlaskClient, session: Session) -> None:
    born = clock.today() - timedelta(days=365 * 15)
    you = {**VOLUNTEER[3][1], "birth_date": born.isoformat()}
    assert walk(client, "/register/volunteer", [*VOLUNTEER[:3], ("/you", you)]).endswith(
        "/guardian"
    )
    refused = answer(client, "/register/volunteer", "/guardian", {"guardian_name": "菊池 守"})
    assert refused.status_code == 422
    told = {"guardian_name": "菊池 守", "guardian_relation": "父", "guardian_phone": "0191002222"}
    assert answer(client, "/register/volunteer", "/guardian", told).status_code == 302
    answer(client, "/register/volunteer", "/consents", VOLUNTEER[4][1])
    answer(client, "/register/volunteer", "/check", {})
    assert "菊池 守" in (session.scalars(select(Volunteer)).one().note or "")


def test_sending_the_last_page_twice_files_once(client: FlaskClient, session: Session) -> None:
    walk(client, "/needs/new", NEED)
    fields = hidden(client, "/needs/new/check", "/needs/new/check")
    for _ in range(2):
        assert client.post("/needs/new/check", data=fields).location == "/needs/received"
    walk(client, "/needs/new", NEED)
    answer(client, "/needs/new", "/check", {})
    assert session.scalar(select(func.count(Need.id))) == 2


@pytest.mark.parametrize("base", ["/needs/new", "/register/volunteer"])
def test_a_step_too_early_leads_to_the_first_question(client: FlaskClient, base: str) -> None:
    assert client.get(f"{base}/consents").location == base
    assert client.get(f"{base}/check").location == base
    assert client.get(f"{base}/nothing").status_code == 404


def test_where_to_turn_names_desks_for_every_problem(client: FlaskClient) -> None:
    assert "一つ選んで" in client.get("/find?asked=1").get_data(as_text=True)
    links = [
        "/find?whom=elderly&about=care&area=hanaizumi",
        "/find?whom=child&about=money&area=other",
    ]
    care, money = (client.get(link).get_data(as_text=True) for link in links)
    assert "地域包括支援センター" in care
    assert "生活困窮者" in money
    assert "ほかの市町村" in money


def test_somebody_signed_in_is_not_asked_for_name_and_phone_again(
    client: FlaskClient, session: Session
) -> None:
    """They are on the page that looks over everything, where they can be changed."""
    known = factories.volunteer(session, clock.now(), name="千葉 さち")
    entry = AccountEntry(
        "sachi", PASSWORD, "千葉 さち", (("volunteer", None, None),), person_id=known.person_id
    )
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "sachi")
    asked = [step for step in NEED if step[0] != "/contact"]
    assert walk(client, "/needs/new", asked) == "/needs/new/check"
    shown = page(client, "/needs/new/check").get_text(" ", strip=True)
    assert "千葉 さち" in shown
    assert answer(client, "/needs/new", "/check", {}).location == "/needs/received"
    assert session.scalars(select(Need)).one().requester_id == known.person_id
