"""The yearly pack: one request with many visits counts once, hours once verified, in every form."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from matching.activities.recording import Report, report, verify
from matching.coordination import queries
from matching.coordination.confirming import confirm
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.evaluation.yearly import tables
from matching.evaluation.years import Table, year_of
from matching.interchange.yearpack import write_pack
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from tests import factories


def table(session: Session, code: str, year: int = 2026) -> dict[str, tuple[object, ...]]:
    [found] = [each for each in tables(session, year) if each.code == code]
    return {str(row[0]): row[1:] for row in found.rows}


@pytest.fixture
def visited(session: Session, now: datetime) -> None:
    """Two requests, one of which was helped with once, for 67 minutes, verified."""
    factories.volunteer(session, now)
    need, _other = factories.need(session, now), factories.need(session, now, channel="web")
    plan_all(session, SYSTEM, now)
    proposal = queries.list_candidates(session, need.id)[0]
    one, two = (factories.actor(session, "coordinator") for _ in range(2))
    choice = Choice(clock.local_date(now) + timedelta(days=3), 540)
    visit = confirm(session, proposal.id, choice, one, now)
    report(session, visit.id, Report(67, "usual"), "phone", one, visit.ends_at)
    verify(session, visit.id, two, visit.ends_at)


def test_hours_count_once_verified_in_quarters(session: Session, visited: None) -> None:
    assert table(session, "activities")["合計"] == (1, 1, 1, 1.0)


def test_requests_are_counted_by_way_and_area(session: Session, visited: None) -> None:
    found = table(session, "received")
    assert (found["合計"], found["ホームページ"], found["一関"]) == ((2,), (1,), (2,))


def test_the_rate_leaves_out_what_was_taken_back(session: Session, visited: None) -> None:
    assert table(session, "matched")["合計"] == (2, 1, 50.0, 50.0)


def test_another_year_is_empty(session: Session, visited: None) -> None:
    assert table(session, "received", 2024)["合計"] == (0,)
    assert table(session, "days", 2024)["受付から最初の活動まで"] == (0, "―", "―")


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), True),
        (datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 3, 31, 15, 0, tzinfo=UTC), False),
    ],
)
def test_a_year_begins_and_ends_at_midnight_in_japan(moment: datetime, inside: bool) -> None:
    year = year_of(2026)
    assert (year.start <= moment < year.end) is inside


def test_the_pack_is_the_same_in_every_form_and_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    found = [Table("x", "題", "数え方", ("区分", "件数"), [("=1+1", 3), ("<b>", 4)])]
    files = write_pack(found, "年報", tmp_path, "year")
    assert [path.name for path in files] == ["year.xlsx", "year-x.csv", "year.html", "year.pdf"]
    sheet = load_workbook(files[0])["題"]
    assert [sheet.cell(row, 2).value for row in (4, 5)] == [3, 4]
    assert str(sheet["A4"].value).startswith("'")
    with files[1].open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["区分", "件数"]
    assert rows[1][0].startswith("'")
    assert "&lt;b&gt;" in files[2].read_text("utf-8")
    paper = files[3].read_bytes()
    assert paper.startswith(b"%PDF-")
    write_pack(found, "年報", tmp_path, "year")
    assert files[3].read_bytes() == paper


def test_a_long_table_goes_on_over_pages(tmp_path: Path) -> None:
    rows = [(f"<地域>{each}" * 9, each) for each in range(200)]
    found = [
        Table("x", "題", "数え方", ("区分", "件数"), rows),
        Table("y", "空", "―", ("区分",), []),
    ]
    paper = write_pack(found, "年報", tmp_path, "year")[-1].read_bytes()
    assert paper.count(b"/Type /Page\n") > 5
