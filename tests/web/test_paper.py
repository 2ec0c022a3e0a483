"""Paper forms: numbered, found by their number, typed in once."""

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.needs.models import Need
from matching.needs.paper import PaperForm
from tests import factories
from tests.web.browsing import hidden, sign_in
from tests.web.test_intake import CALL


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    actor = factories.actor(session, "intake_clerk")
    session.commit()
    sign_in(client, actor.display_name)
    return client


def test_sheets_are_printed_with_number_and_code(desk: FlaskClient, session: Session) -> None:
    fields = {**hidden(desk, "/desk/paper"), "count": "3"}
    for _ in range(2):  # a double tap numbers them once
        answer = desk.post("/desk/paper", data=fields)
    page = BeautifulSoup(desk.get(str(answer.location)).data, "html.parser")
    numbers = [found.get_text() for found in page.select(".paper__number strong")]
    assert numbers == [form.number for form in session.scalars(select(PaperForm))]
    assert len(page.select(".paper__number svg")) == len(numbers) == 3


@pytest.mark.parametrize("count", ["0", "51", "", "たくさん", "-1"])
def test_a_number_of_sheets_that_cannot_be_is_refused(desk: FlaskClient, count: str) -> None:
    fields = {**hidden(desk, "/desk/paper"), "count": count}
    assert desk.post("/desk/paper", data=fields).status_code == 422


def test_a_sheet_that_came_back_is_typed_in_once(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    session.add(PaperForm(printed_at=now))
    session.commit()
    number = session.scalars(select(PaperForm)).one().number
    assert desk.get(f"/desk/paper/find?number={number.lower()}").location == (
        f"/desk/intake?paper={number}"
    )
    page = f"/desk/intake?paper={number}"
    fields = {**hidden(desk, page, "/desk/intake"), **CALL, "channel": "counter"}
    assert fields["paper"] == number
    assert desk.post("/desk/intake", data=fields).status_code == 302
    need = session.scalars(select(Need)).one()
    session.expire_all()
    assert session.scalars(select(PaperForm)).one().need_id == need.id
    again = {**fields, "request_key": "another", "another_person": "別の方"}
    assert desk.post("/desk/intake", data=again).status_code == 409
    assert session.scalar(select(func.count(Need.id))) == 1
    found = desk.get(f"/desk/paper/find?number={number}")
    assert found.location == f"/desk/needs/{need.reference}"


@pytest.mark.parametrize("number", ["", "P99999", "12", "P'--", "Ｐ" + "9" * 19])
def test_a_number_that_was_never_printed_is_said_so(desk: FlaskClient, number: str) -> None:
    answer = desk.get("/desk/paper/find", query_string={"number": number})
    assert answer.status_code == 404
    assert "見つかりませんでした" in answer.get_data(as_text=True)
