"""What leaves the service reads back unchanged, within reach, and leaves an event."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.orm import Session

from matching.coordination.models import Placement
from matching.interchange.exporting import EXPORT_KINDS, ExportKind, export_sheet
from matching.interchange.importing import import_reading, import_records
from matching.interchange.sheets import SHEETS, SheetKind
from matching.interchange.writing import Encoding
from matching.kernel.actor import SYSTEM, Actor, Grant
from matching.kernel.audit import Event
from matching.kernel.clock import instant
from matching.needs.models import Need, NeedOccurrence
from matching.people.models import Account
from matching.volunteers.models import Volunteer
from tests.interchange.sheet_files import read
from tests.interchange.test_importing import NEED, VOLUNTEER

PROPOSAL = {
    "proposal_id": "P1",
    "need_id": "R2027-1",
    "volunteer_id": "V0001",
    "category": "watch",
    "proposed_at": "2026-10-01 09:00",
    "response": "accepted",
    "responded_at": "2026-10-01 12:30",
    "visit_date": "2026-10-05",
    "visit_minutes": "30",
    "outcome": "completed",
}


@pytest.fixture
def filled(session: Session, now: datetime) -> Session:
    """One volunteer of 花泉, one of 千厩, one need, one past proposal."""
    awkward = VOLUNTEER | {"note": "=1+1\n①", "mobile": "09000001234", "email": "h@example.jp"}
    other = {"volunteer_id": "V0002", "name": "及川 誠", "district": "千厩", "status": "paused"}
    import_records(session, "volunteers", [awkward, other], SYSTEM, now)
    received = now - timedelta(hours=1, seconds=17)  # at the desk: a sheet knows no seconds
    import_records(session, "needs", [NEED | {"title": "-庭"}], SYSTEM, now)
    session.execute(update(Need).values(received_at=received))
    import_records(session, "proposals", [PROPOSAL], SYSTEM, now)
    session.commit()
    return session


@pytest.mark.parametrize("kind", [kind for kind in EXPORT_KINDS if kind in SHEETS])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_an_export_imports_as_unchanged(
    filled: Session, now: datetime, tmp_path: Path, kind: SheetKind, encoding: Encoding
) -> None:
    written = export_sheet(filled, kind, encoding, SYSTEM, now)  # type: ignore[arg-type]
    filled.commit()
    reading = read(tmp_path, written.content, kind)
    tally = import_reading(filled, reading, SYSTEM, now)
    assert (tally.created, tally.updated, tally.unchanged) == (0, 0, written.rows)
    assert (tally.refused, written.lost) == ([], [])
    assert written.rows > 0


def test_an_export_into_an_empty_service_brings_everything_back(
    filled: Session, now: datetime, tmp_path: Path
) -> None:
    written = export_sheet(filled, "volunteers", "utf-8-sig", SYSTEM, now)
    record = read(tmp_path, written.content).records[0]
    told = {name: text for name, text in record.items() if text}
    expected = VOLUNTEER | {
        "note": "=1+1\n①",
        "mobile": "09000001234",
        "email": "h@example.jp",
        "district": "花泉",
        "notice_days": "0",
    }
    codes = ("skills", "categories")
    assert {n: set(told.pop(n).split(";")) for n in codes} == {
        n: set(expected.pop(n).split(";")) for n in codes
    }
    assert told == expected


def test_who_is_bound_to_an_area_takes_out_that_area_only(filled: Session, now: datetime) -> None:
    branch = Actor(("coordinator",), grants=(Grant("coordinator", "senmaya"),))
    written = export_sheet(filled, "volunteers", "utf-8-sig", branch, now)
    text = written.content.decode("utf-8-sig")
    assert ("及川 誠" in text, "髙橋 花子" in text) == (True, False)


def test_every_export_is_an_event(filled: Session, now: datetime) -> None:
    export_sheet(filled, "needs", "cp932", Actor(("coordinator",), account_id=7), now)
    filled.commit()
    event = filled.scalars(select(Event).filter_by(action="sheet_exported")).one()
    assert (event.actor_id, event.subject_type) == (7, "needs")
    assert event.details == {"rows": 1, "encoding": "cp932"}


def test_a_state_that_a_sheet_cannot_say_stays_out_of_it(
    filled: Session, now: datetime, tmp_path: Path
) -> None:
    filled.execute(update(Volunteer).values(state="applicant"))
    filled.commit()
    written = export_sheet(filled, "volunteers", "utf-8-sig", SYSTEM, now)
    assert {r["status"] for r in read(tmp_path, written.content).records} == {""}


@pytest.mark.parametrize(("kind", "rows"), [("placements", 2), ("activities", 1)])
def test_visits_are_written_with_their_day_and_time(
    filled: Session, now: datetime, kind: ExportKind, rows: int
) -> None:
    need, volunteer = filled.scalars(select(Need)).one(), filled.scalars(select(Volunteer)).first()
    assert volunteer is not None
    account = Account(login="c", password_hash="x", display_name="C", created_at=now)
    filled.add(account)
    for day, state in ((need.start_on, "done"), (need.end_on, "confirmed")):
        assert day is not None
        starts_at = instant(day, 540)
        ends_at = starts_at + timedelta(minutes=60)
        times = {"starts_at": starts_at, "ends_at": ends_at}
        visit = NeedOccurrence(need_id=need.id, period_on=day, headcount=2, **times)
        filled.add(visit)
        filled.flush()
        filled.add(
            Placement(
                occurrence_id=visit.id,
                need_id=need.id,
                volunteer_id=volunteer.id,
                state=state,
                confirmed_at=now,
                busy=_busy(starts_at),
                decided_by_id=account.id,
                decided_at=now,
                **times,
            )
        )
        filled.flush()
    written = export_sheet(filled, kind, "utf-8-sig", SYSTEM, now)
    text = written.content.decode("utf-8-sig")
    assert written.rows == rows
    assert "R2027-1,V0001,雪かき,2026-12-01,09:00,10:00,60,活動済み,2026-11-23 09:00" in text


def _busy(starts_at: datetime) -> Range[datetime]:
    return Range(starts_at, starts_at + timedelta(minutes=65))
