"""Today's board: who is phoned now with one click for each result, and it keeps itself new."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.people.disclosures import Disclosure
from tests.web.browsing import sign_in
from tests.web.test_visit_life import desk, send, visit

__all__ = ["desk", "visit"]
BOARD = "/desk/activities"


@pytest.fixture
def late(desk: FlaskClient, visit: Placement) -> FlaskClient:
    clock.freeze(visit.starts_at + timedelta(minutes=40))
    sign_in(desk, "boss")
    return desk


def press(client: FlaskClient, label: str) -> int:
    """Press the one button of the board with this label."""
    page = BeautifulSoup(client.get(BOARD).data, "html.parser")
    forms = [f for f in page.find_all("form") if f.button is not None]
    [form] = [f for f in forms if f.button.get_text(strip=True) == label]
    data = {str(i["name"]): str(i.get("value", "")) for i in form.find_all("input")}
    return client.post(str(form["action"]), data=data).status_code


def test_an_alarm_names_whom_to_phone_and_a_click_ends_it(
    late: FlaskClient, session: Session
) -> None:
    """BR-27."""
    shown = late.get(BOARD).text
    assert "すぐに電話する" in shown and "うかがう方に電話する" in shown
    assert session.scalars(select(Disclosure.id)).all()
    assert press(late, "つながらない") == 302
    assert "困っている方に電話する" in late.get(BOARD).text
    assert press(late, "始まっていた") == 302
    shown = late.get(BOARD).text
    assert "いま活動中" in shown and "すぐに電話する" not in shown
    assert session.scalars(select(Activity.state)).one() == "checked_in"


def test_who_does_not_come_leads_to_the_substitutes(late: FlaskClient, visit: Placement) -> None:
    assert press(late, "来られない") == 302
    assert "今日の変更" in late.get(BOARD).text
    assert late.get(f"{BOARD}/{visit.id}/substitutes").status_code == 200


def test_an_open_board_is_told_only_when_something_changed(
    late: FlaskClient, visit: Placement
) -> None:
    page = BeautifulSoup(late.get(BOARD).data, "html.parser")
    part = page.find(id="today")
    assert part is not None
    address = str(part["data-hx-get"])
    assert late.get(address).status_code == 204
    press(late, "つながらない")
    newer = late.get(address)
    assert newer.status_code == 200 and 'id="today"' in newer.text and "<html" not in newer.text
    for span in ("tomorrow", "week", "past", "nonsense"):
        assert late.get(f"{BOARD}?span={span}").status_code == 200


def test_a_door_that_stays_closed_climbs_from_the_board(
    late: FlaskClient, visit: Placement
) -> None:
    page = f"{BOARD}/{visit.id}"
    assert send(late, page, f"{page}/not-met") == 302
    assert "もう一度、呼び鈴と電話を試す" in late.get(BOARD).text
    assert press(late, "まだわからない（次の段へ）") == 302
    assert "近所の方・ご家族に電話する" in late.get(BOARD).text
    assert press(late, "無事を確かめた") == 302
    assert "すぐに電話する" not in late.get(BOARD).text
