"""Counts behind maps and charts; small numbers stay hidden however the table is read (BR-35)."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.evaluation import charts
from matching.evaluation.figures import SMALLEST_SHOWN
from matching.evaluation.hiding import hidden_cells
from matching.evaluation.month import hands_wanted, last_month
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people import shielding
from matching.people.models import Account
from tests import factories

ROWS, COLUMNS = "abcd", "vwxyz"
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS)), st.integers(0, 30)
)


@given(TABLES)
@settings(max_examples=300, deadline=None)
def test_no_small_number_is_told_nor_can_be_computed_from_a_sum(
    counts: dict[tuple[str, str], int],
) -> None:
    """BR-35: whoever knows the sums of rows and columns cannot work one hidden cell out."""
    hidden = hidden_cells(counts, ROWS, COLUMNS)
    assert all(cell in hidden for cell, count in counts.items() if 0 < count < SMALLEST_SHOWN)
    lines = [[(row, column) for column in COLUMNS] for row in ROWS]
    lines += [[(row, column) for row in ROWS] for column in COLUMNS]
    for line in lines:
        secret = [cell for cell in line if cell in hidden]
        told = [cell for cell in line if counts.get(cell, 0) and cell not in hidden]
        assert len(secret) != 1 or not told


def test_large_numbers_hide_nothing() -> None:
    assert hidden_cells({("a", "v"): 5, ("b", "w"): 30}, ROWS, COLUMNS) == set()


def test_needs_and_volunteers_are_counted_by_area(session: Session, now: datetime) -> None:
    factories.need(session, now)
    factories.need(session, now, area_code="senmaya", state="withdrawn")
    factories.volunteer(session, now)
    factories.volunteer(session, now, state="applicant")
    session.flush()
    assert charts.open_by_area(session) == {"ichinoseki": 1}
    assert charts.volunteers_by_area(session) == {"ichinoseki": 1}
    assert charts.open_by_area_and_category(session) == {("ichinoseki", "shopping"): 1}


def test_months_follow_the_clock_of_japan(session: Session, now: datetime) -> None:
    need = factories.need(session, now, state="matched")
    need.received_at = clock.instant(date(2026, 11, 1), 0)  # still October in UTC
    session.flush()
    months = charts.by_month(session, 3, date(2026, 11, 23))
    assert [(month.month.isoformat(), month.received, month.met) for month in months] == [
        ("2026-09-01", 0, 0),
        ("2026-10-01", 0, 0),
        ("2026-11-01", 1, 1),
    ]


def test_a_year_of_months_crosses_new_year(session: Session) -> None:
    months = [month.month for month in charts.by_month(session, 13, date(2026, 1, 31))]
    assert (months[0], months[-2], months[-1]) == (
        date(2025, 1, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    )


def test_home_tells_no_small_number(session: Session, now: datetime) -> None:
    """BR-35."""
    for _ in range(SMALLEST_SHOWN - 1):
        factories.need(session, now).received_at = clock.instant(date(2026, 10, 5), 600)
    session.flush()
    assert last_month(session, date(2026, 11, 23)).received is None
    assert hands_wanted(session, 6) == []
    extra = factories.need(session, now)
    extra.received_at = clock.instant(date(2026, 10, 31), 1439)
    session.flush()
    assert last_month(session, date(2026, 11, 23)).received == SMALLEST_SHOWN
    assert hands_wanted(session, 6) == [("shopping", SMALLEST_SHOWN)]
    factories.actor(session, "center_manager")
    login = session.scalars(select(Account.login)).one()
    shielding.shield(session, extra.requester_id, "理由", [login], SYSTEM, now)
    session.flush()
    assert hands_wanted(session, 6) == []
