"""Rows that make no sense, from an imported sheet through a plan: named, and never planned over."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import PlanningRun, Proposal
from matching.coordination.planning import plan_all
from matching.interchange.importing import import_reading
from matching.interchange.reading import read_sheet
from matching.interchange.storing.tally import Tally
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.volunteers.models import Volunteer
from tests.bad_rows import BAD, Bad
from tests.engine_sheets import NEEDS, VOLUNTEERS, Rows, folder

MORNING = datetime(2027, 1, 18, 0, 0, tzinfo=UTC)


def planned(
    session: Session, path: Path, volunteers: Rows = VOLUNTEERS, needs: Rows = NEEDS
) -> tuple[dict[str, Tally], PlanningRun]:
    """Import both sheets and plan, as `musubi import` and `musubi plan run` do."""
    sheets = folder(path, volunteers=volunteers, needs=needs)
    tallies = {}
    for kind in ("volunteers", "needs"):
        reading = read_sheet(sheets / f"{kind}.csv", kind)
        tallies[kind] = import_reading(session, reading, SYSTEM, MORNING)
    return tallies, plan_all(session, SYSTEM, MORNING)


def first_need(session: Session) -> Need | None:
    return session.scalar(select(Need).where(Need.reference == NEEDS[0]["need_id"]))


def test_without_bad_rows_the_two_are_brought_together(session: Session, tmp_path: Path) -> None:
    _, run = planned(session, tmp_path)
    assert run.counts["placed"] == 1


@pytest.mark.parametrize("row", BAD.values(), ids=BAD)
def test_a_row_that_makes_no_sense_is_named_and_never_planned_over(
    session: Session, tmp_path: Path, row: Bad
) -> None:
    rows = NEEDS if row.sheet == "needs" else VOLUNTEERS
    sheets = {row.sheet: [{**rows[0], **row.cells}, *rows[1:]]}
    tallies, run = planned(session, tmp_path, **sheets)
    assert run.counts["placed"] == 0
    assert session.scalars(select(Proposal)).all() == []
    named = {found.code for found in tallies[row.sheet].problems if found.line == 2}
    assert row.code is None or row.code in named
    need = first_need(session)
    if row.sheet == "needs" and not row.kept:
        assert need is None or need.state == "on_hold"
        return
    assert need is not None
    outcome = queries.find_outcome(session, need.id)
    assert outcome is not None
    assert [gap["reason"] for gap in outcome.unplaced] == ["no_eligible"]
    if row.gate is not None:
        assert outcome.excluded.get(row.gate, 0) >= 1
    else:
        assert "limit_unclear" in named
        paused = select(Volunteer.state).where(Volunteer.reference == VOLUNTEERS[0]["volunteer_id"])
        assert session.scalar(paused) == "paused"


def test_a_limit_that_is_known_stays_when_a_later_sheet_cannot_be_read(
    session: Session, tmp_path: Path
) -> None:
    planned(session, tmp_path)
    again = [{**VOLUNTEERS[0], "max_hours_per_month": "NaN"}, *VOLUNTEERS[1:]]
    tallies, run = planned(session, tmp_path, volunteers=again)
    assert {found.code for found in tallies["volunteers"].problems} == {"number_invalid"}
    found = select(Volunteer).where(Volunteer.reference == VOLUNTEERS[0]["volunteer_id"])
    kept = session.scalars(found).one()
    assert (kept.state, kept.max_hours_per_month) == ("active", 10.0)
    assert run.counts["placed"] == 1


def test_an_id_given_twice_is_refused_and_the_first_row_counts(
    session: Session, tmp_path: Path
) -> None:
    twice = [VOLUNTEERS[0], {**VOLUNTEERS[1], "volunteer_id": VOLUNTEERS[0]["volunteer_id"]}]
    tallies, run = planned(session, tmp_path, volunteers=twice)
    told = [(found.line, found.code) for found in tallies["volunteers"].problems]
    assert (3, "id_repeated") in told
    assert run.counts["placed"] == 1
