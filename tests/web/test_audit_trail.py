"""The auditor's page: filtered, taken out as a sheet that is itself an event, with its anchor."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.people.accounts import AccountEntry, add_account
from matching.web.trail_words import ACTIONS, SUBJECTS
from tests.factories import PASSWORD
from tests.web.browsing import sign_in, token

MATCHING = Path(audit.__file__).parents[1]
RECORDED = re.compile(r'\baudit\.record\([^"]*"([a-z_]+)"')


@pytest.fixture
def auditor(client: FlaskClient, session: Session, now: datetime) -> FlaskClient:
    add_account(
        session, AccountEntry("kansa", PASSWORD, "監査", (("auditor", None, None),)), SYSTEM, now
    )
    for day in range(3):
        moment = now - timedelta(days=day)
        audit.record(session, SYSTEM, moment, "tried", "need", day + 1, reason="=1+1")
    audit.record(session, SYSTEM, now, "planned", "planning_run", 7)
    session.commit()
    sign_in(client, "kansa")
    return client


def shown(client: FlaskClient, **asked: str) -> list[tuple[str, str]]:
    page = BeautifulSoup(client.get("/admin/audit", query_string=asked).data, "html.parser")
    cells = [row.select("td") for row in page.select("tbody tr")]
    return [(row[2].get_text(strip=True), row[3].get_text(strip=True)) for row in cells]


def test_the_trail_is_filtered_by_each_thing_one_can_ask_for(auditor: FlaskClient) -> None:
    assert len(shown(auditor)) == 6
    assert shown(auditor, action="planned") == [("調整案を作った", "調整案 7")]
    assert len(shown(auditor, type="need")) == 3
    assert shown(auditor, type="need", number="2") == [("tried", "困りごと 2")]
    assert shown(auditor, who="KANSA") == [("ログインした", "アカウント 1")]
    assert shown(auditor, who="nobody") == []
    assert shown(auditor, action="tried", to="2026-11-21") == [("tried", "困りごと 3")]
    assert shown(auditor, **{"from": "2026-11-23", "action": "tried"}) == [("tried", "困りごと 1")]


@pytest.mark.parametrize(
    "asked",
    [{"number": "9" * 30}, {"before": "9" * 5000}, {"from": "tomorrow"}, {"to": "9999-12-31"},
     {"before": "x"},
     {"who": "\x00"}, {"from": "0001-01-01"}],
)  # fmt: skip
def test_nonsense_is_no_filter_and_no_failure(auditor: FlaskClient, asked: dict[str, str]) -> None:
    assert auditor.get("/admin/audit", query_string=asked).status_code == 200


def test_the_sheet_holds_what_was_asked_for_and_runs_nothing(
    auditor: FlaskClient, session: Session
) -> None:
    fields = {"csrf_token": token(auditor, "/admin/audit"), "action": "tried"}
    answer = auditor.post("/admin/audit.csv", data=fields)
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == 4
    assert {row[4] for row in rows[1:]} == {"tried"}
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    [noted] = session.scalars(select(Event).where(Event.action == "audit_exported"))
    assert noted.details == {"rows": 3}


def test_the_page_shows_the_anchor_and_a_broken_chain(
    auditor: FlaskClient, session: Session, engine: Engine
) -> None:
    page = auditor.get("/admin/audit").get_data(as_text=True)
    assert audit.head(session).written in page
    assert "書きかえられたおそれ" not in page
    with Session(engine) as other:
        other.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        other.execute(text("UPDATE events SET action = 'x' WHERE place = 2"))
        other.commit()
    assert "書きかえられたおそれ" in auditor.get("/admin/audit").get_data(as_text=True)


def test_every_code_of_the_trail_has_words() -> None:
    """What is written down somewhere as done, or to what, is named for who reads the trail."""
    sources = [file.read_text(encoding="utf-8") for file in MATCHING.rglob("*.py")]
    codes = {code for source in sources for code in RECORDED.findall(source)}
    assert len(codes) > 100
    assert codes - set(ACTIONS) - set(SUBJECTS) == set()
