"""Notices and the mode as pages: put up, read in three registers, switched in two steps."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in

TEXTS = {
    "text_ja": "大雪で休みます",
    "text_easy": "雪（ゆき）で 休（やす）み",
    "text_en": "Snow: closed",
}


@pytest.fixture
def boss(client: FlaskClient, session: Session) -> FlaskClient:
    entry = AccountEntry("boss", PASSWORD, "佐藤 課長", (("center_manager", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "boss")
    return client


def words(client: FlaskClient, path: str = "/") -> str:
    page = BeautifulSoup(client.get(path).data, "html.parser")
    found = page.select_one(".announcement")
    return found.get_text(" ", strip=True) if found else ""


def test_a_notice_is_put_up_once_read_in_each_register_and_taken_down(boss: FlaskClient) -> None:
    days = {"starts_on": "2026-11-23", "ends_on": "2026-11-24"}
    fields = hidden(boss, "/admin/notices", "/admin/notices") | TEXTS | days
    fields |= {"audience": "all", "area_code": ""}
    assert boss.post("/admin/notices", data=fields | {"text_en": ""}).status_code == 422
    for _twice in range(2):
        assert boss.post("/admin/notices", data=fields).status_code == 302
    visitor = boss.application.test_client()
    assert words(visitor) == "大雪で休みます"
    visitor.get("/preferences?language=en&next=/")
    assert words(visitor) == "Snow: closed"
    visitor.get("/preferences?language=ja-easy&next=/")
    assert "<rt>ゆき</rt>" in visitor.get("/").text
    page = BeautifulSoup(boss.get("/admin/notices").data, "html.parser")
    [form] = page.select("form[action$=withdraw]")
    sent = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    assert boss.post(str(form["action"]), data=sent).status_code == 302
    assert words(visitor) == ""


def test_the_mode_is_switched_in_two_steps_and_told_to_everybody(boss: FlaskClient) -> None:
    step = "/admin/mode/snow"
    fields = hidden(boss, step, step)
    assert boss.post(step, data=fields).status_code == 422
    assert words(boss) == ""
    assert boss.post(step, data=fields | {"sure": "yes", "until_on": "soon"}).status_code == 422
    assert boss.post(step, data=fields | {"sure": "yes"}).status_code == 302
    visitor = boss.application.test_client()
    assert "雪の体制で動いています。" in words(visitor)
    assert "屋根の雪おろしはお受けできません" in visitor.get("/mode").text
    assert "佐藤 課長" in boss.get("/admin/mode").text
    assert "佐藤 課長" not in visitor.get("/mode").text
    stale = hidden(boss, "/admin/mode/disaster", "/admin/mode/disaster") | {"seen": "0"}
    answer = boss.post("/admin/mode/disaster", data=stale | {"sure": "yes"})
    assert answer.status_code == 409
    assert boss.get("/admin/mode/storm").status_code == 404


def test_a_demo_says_that_nothing_in_it_is_real_and_that_its_clock_stands(
    client: FlaskClient,
) -> None:
    trial = BeautifulSoup(client.get("/").data, "html.parser").select_one(".trial")
    assert trial is not None
    assert "作りもの" in trial.text
    assert "2026年11月23日" in trial.text
