"""The search of the desk: by name, reading, other glyphs, number and phone, within rights."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people import shielding, standstill
from matching.people.accounts import AccountEntry, add_account
from matching.volunteers.models import VolunteerGroup
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import sign_in

BOX = {"HX-Request": "true"}


def signed_in(app: Flask, session: Session, role: str, area: str | None = None) -> FlaskClient:
    login = f"{role}-{area or 'all'}".replace("_", "-")
    add_account(
        session, AccountEntry(login, PASSWORD, login, ((role, area, None),)), SYSTEM, clock.now()
    )
    session.commit()
    client = app.test_client()
    assert sign_in(client, login).status_code == 302
    return client


@pytest.fixture
def desk(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, "coordinator")


def found(client: FlaskClient, words: str, **headers: str) -> list[str]:
    answer = client.get("/desk/search", query_string={"q": words}, headers=headers)
    assert answer.status_code == 200
    rows = BeautifulSoup(answer.data, "html.parser").select(".found__rows li")
    return [" ".join(row.get_text(" ").split()) for row in rows]


@pytest.mark.parametrize(
    "words",
    ["髙橋", "高橋", "タカハシ", "たかはし", "高橋 みつ", "0191-00-7788", "０１９１００７７８８"],
)
def test_a_volunteer_is_found_however_the_name_is_written(
    desk: FlaskClient, session: Session, now: datetime, words: str
) -> None:
    person = factories.contact("髙橋 みつ", name_kana="タカハシ ミツ", phone="0191007788")
    volunteer = factories.volunteer(session, now, contact=person)
    session.commit()
    [row] = found(desk, words)
    assert volunteer.reference in row
    assert "髙橋 みつ" in row


@pytest.mark.parametrize("write", [str, str.lower, lambda number: number[-4:]])
def test_a_need_is_found_by_its_number(
    desk: FlaskClient, session: Session, now: datetime, write: object
) -> None:
    need = factories.need(session, now, name="菅原 トシ")
    factories.need(session, now)
    session.commit()
    assert any(
        need.reference in row and "菅原 トシさん" in row
        for row in found(desk, write(need.reference))  # type: ignore[operator]
    )


def test_needs_are_found_by_kind_and_by_their_own_words(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    factories.need(session, now, title="毎週の牛乳", category_code="shopping")
    session.commit()
    assert len(found(desk, "買い物")) == len(found(desk, "牛乳")) == 1


def test_a_group_is_found_by_its_legal_form_too(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    session.add(
        VolunteerGroup(
            reference="G0009", name="株式会社やまびこ", name_key="株式会社やまびこ", created_at=now
        )
    )
    session.commit()
    assert ["G0009" in row for row in found(desk, "(株)やまびこ")] == [True]


def test_part_of_a_phone_number_finds_nobody(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    factories.need(session, now, contact=factories.contact(phone="0191007788"))
    session.commit()
    assert found(desk, "1007788") == []


def test_a_shielded_person_is_found_by_the_named_staff_only(
    app: Flask, desk: FlaskClient, session: Session, now: datetime
) -> None:
    keeper = signed_in(app, session, "center_manager")
    need = factories.need(session, now, name="佐々木 ひかる")
    shielding.shield(session, need.requester_id, "理由", ["center-manager-all"], SYSTEM, now)
    session.commit()
    for words in ("佐々木", "ひかる", need.reference):
        assert found(desk, words) == []
        assert found(keeper, words) != []
    listed = desk.get("/desk/needs?state=all").get_data(as_text=True)
    assert need.reference not in listed


def test_who_is_held_for_safety_is_not_found_by_others(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    need = factories.need(session, now, name="千葉 さつき")
    session.commit()
    assert found(desk, "千葉") != []
    standstill.begin(session, need.requester_id, "safeguarding", SYSTEM, now)
    session.commit()
    assert found(desk, "千葉") == []
    assert need.reference not in desk.get("/desk/needs?q=千葉").get_data(as_text=True)


def test_a_branch_finds_its_own_area_only(app: Flask, session: Session, now: datetime) -> None:
    branch = signed_in(app, session, "branch_staff", "hanaizumi")
    factories.need(session, now, name="及川 けい")
    ours = factories.need(session, now, name="及川 ゆう", area_code="hanaizumi")
    session.commit()
    assert all("ゆう" in row for row in found(branch, "及川"))
    assert any(ours.reference in row for row in found(branch, "及川"))


def test_the_box_gets_only_the_list(desk: FlaskClient, session: Session, now: datetime) -> None:
    factories.need(session, now, name="及川 けい")
    session.commit()
    panel = desk.get("/desk/search?q=及川", headers=BOX).get_data(as_text=True)
    assert "<html" not in panel
    assert "及川 けい" in panel


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "\\", "'; --", "\x00", "あ" * 5000, "<b>"])
def test_odd_words_do_no_harm(
    desk: FlaskClient, session: Session, now: datetime, words: str
) -> None:
    factories.need(session, now)
    session.commit()
    assert found(desk, words) == []


def test_residents_have_no_search(app: Flask, session: Session) -> None:
    assert signed_in(app, session, "volunteer").get("/desk/search?q=a").status_code == 404


def listed(client: FlaskClient, **asked: str) -> int:
    answer = client.get("/desk/needs", query_string=asked)
    assert answer.status_code == 200
    return len(BeautifulSoup(answer.data, "html.parser").select(".data-table tbody tr"))


def test_the_list_of_needs_is_narrowed_by_each_filter(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    factories.need(session, now)
    factories.need(session, now, area_code="senmaya", category_code="talk", urgency="high")
    factories.need(session, now, state="withdrawn")
    session.commit()
    assert listed(desk) == 2
    assert listed(desk, state="all") == 3
    assert listed(desk, state="withdrawn") == 1
    assert listed(desk, state="searching") == 2
    assert listed(desk, state="untriaged") == 0
    for narrow in ({"area": "senmaya"}, {"category": "talk"}, {"urgency": "high"}):
        assert listed(desk, **narrow) == 1
    assert listed(desk, state="nonsense", area="nowhere", page="-3") == 2
    assert listed(desk, page="99999999") == 0


def test_the_list_of_needs_is_paged(desk: FlaskClient, session: Session, now: datetime) -> None:
    for _ in range(51):
        factories.need(session, now)
    session.commit()
    assert (listed(desk), listed(desk, page="2")) == (50, 1)


def test_an_open_worklist_is_told_of_changes_and_is_no_sign_of_life(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    page = BeautifulSoup(desk.get("/desk").data, "html.parser")
    news = str(page.select_one("[data-news]")["data-news"])  # type: ignore[index]
    assert desk.get(news).status_code == 204
    factories.need(session, now)
    session.commit()
    assert desk.get(news).status_code == 205


def test_a_page_that_asks_by_itself_keeps_no_session_awake(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    for minute in range(1, 32):
        clock.freeze(
            now.replace(minute=0) + minute * (now.replace(minute=1) - now.replace(minute=0))
        )
        desk.get("/desk/news?seen=x")
    assert desk.get("/desk").status_code == 302


def test_the_worklist_shows_the_first_of_each_group_and_how_many_there_are(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    for _ in range(15):
        factories.need(session, now)
    session.commit()
    page = BeautifulSoup(desk.get("/desk").data, "html.parser")
    assert len(page.select("#group-1 ~ ol li.work-item")) == 12
    assert page.select_one("a[href='/desk/needs?state=searching']") is not None
    assert "15件" in page.select_one("#group-1").get_text()  # type: ignore[union-attr]
