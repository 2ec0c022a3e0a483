"""Ready-made weeks fill the grid without saving anything; a season is two days on one line."""

from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from matching.volunteers.models import AvailabilitySlot, DayOff
from matching.web.availability_templates import apply, seasons_from
from matching.web.registering_form import read_days
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in

PAGE = "/my/availability"


@pytest.fixture
def helper(client: FlaskClient, session: Session, now: datetime) -> FlaskClient:
    volunteer = factories.volunteer(session, now, slots=())
    roles = (("volunteer", None, None),)
    entry = AccountEntry("helper", PASSWORD, "helper", roles, volunteer.person_id)
    add_account(session, entry, SYSTEM, now)
    session.commit()
    sign_in(client, "helper")
    return client


def test_a_template_fills_the_grid_and_saves_nothing(helper: FlaskClient, session: Session) -> None:
    fields = {**hidden(helper, PAGE), "template": "weekday_mornings", "availability": "6-evening"}
    page = BeautifulSoup(helper.post(PAGE, data=fields).data, "html.parser")
    ticked = {str(box["value"]) for box in page.select("input[name=availability][checked]")}
    assert ticked == {*(f"{day}-morning" for day in range(5)), "6-evening"}
    assert session.scalar(select(func.count()).select_from(AvailabilitySlot)) == 0


def test_the_season_of_the_fields_becomes_days_off(helper: FlaskClient, session: Session) -> None:
    fields = {**hidden(helper, PAGE), "template": "fields_off"}
    page = BeautifulSoup(helper.post(PAGE, data=fields).data, "html.parser")
    area = page.find("textarea", {"name": "dates_off"})
    assert area is not None
    assert area.get_text().split() == ["2027-05-01～2027-05-31", "2027-09-20～2027-10-20"]
    saved = helper.post(PAGE, data={**hidden(helper, PAGE), "dates_off": area.get_text()})
    assert saved.status_code == 302
    assert session.scalar(select(func.count()).select_from(DayOff)) == 62


@pytest.mark.parametrize(
    ("typed", "count"),
    [("2026-12-29～2027-01-03", 6), ("令和8年12月29日から令和9年1月3日", 6), ("2026-12-29", 1)],
)
def test_days_off_are_read_one_by_one_or_as_a_span(typed: str, count: int) -> None:
    assert len(read_days(typed)) == count


@pytest.mark.parametrize("typed", ["そのうち", "2026-12-29～きのう", "2027-01-03～2026-12-29"])
def test_days_off_that_cannot_be_are_named(helper: FlaskClient, typed: str) -> None:
    answer = helper.post(PAGE, data={**hidden(helper, PAGE), "dates_off": typed})
    assert answer.status_code == 422
    assert typed[:4] in answer.get_data(as_text=True)


def test_an_unknown_template_changes_nothing() -> None:
    assert apply("nothing", ["0-morning"], "", date(2026, 11, 23)) == (["0-morning"], "")
    assert seasons_from(date(2026, 10, 1))[1] == "2026-09-20～2026-10-20"
