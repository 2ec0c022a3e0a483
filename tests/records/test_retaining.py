"""Data goes when it has served its purpose, stays while something is open, and can be asked for."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import Retention
from matching.activities.grouping import Companion, Roster, bring, people_of
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import OutboxJob
from matching.needs.models import Need, NeedNote
from matching.people import legal_holds
from matching.people.accounts import AccountEntry, add_account
from matching.people.disclosures import note_disclosure
from matching.people.models import Person
from matching.records import erasing, retaining, subjects
from matching.volunteers.models import VolunteerGroup
from tests import factories
from tests.activities.conftest import confirmed
from tests.factories import PASSWORD
from tests.web.browsing import sign_in, token

PERIODS = Retention()
APRIL = date(2026, 4, 1)


def ended(session: Session, now: datetime, days: int, **more: object) -> Need:
    """A need that ended some days ago, and a note about it."""
    then = now - timedelta(days=days)
    need = factories.need(session, then, note="鍵は植木鉢の下", **more)
    need.start_on = None
    need.state, need.closed_at = "closed", then
    session.get_one(Person, need.requester_id).created_at = then
    session.add(NeedNote(need_id=need.id, written_at=then, kind="note", body="犬がいる"))
    session.commit()
    return need


def test_what_a_visit_needed_goes_after_its_period_and_the_statistics_stay(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    old, recent = ended(session, now, 91), ended(session, now, 89)
    running = factories.need(session, now - timedelta(days=400), note="まだ", state="matched",
                             start_on=None)  # fmt: skip
    session.commit()
    assert retaining.due(session, PERIODS, now)["details"] == [old.id]
    counts = retaining.retain(session, PERIODS, tmp_path, SYSTEM, now)
    session.commit()
    assert (counts["details"], counts["persons"]) == (1, 0)
    assert (old.note, old.address, old.category_code) == (None, None, "shopping")
    assert recent.note == "鍵は植木鉢の下"
    assert running.note == "まだ"
    assert session.scalars(select(NeedNote.need_id)).all() == [recent.id]
    assert session.get_one(Person, old.requester_id).name != erasing.ERASED
    again = retaining.retain(session, PERIODS, tmp_path, SYSTEM, now)
    assert not any(again.values())
    [noted] = session.scalars(select(Event).where(Event.action == "retained"))
    assert noted.details["details"] == 1


def test_who_asked_long_ago_is_erased_and_who_still_has_something_is_not(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    gone, held, asks, helps = (ended(session, now, 366) for _ in range(4))
    legal_holds.begin(session, held.requester_id, "裁判のため", SYSTEM, now)
    again = factories.need(session, now, state="ready")
    again.requester_id = asks.requester_id
    volunteer = factories.volunteer(session, now)
    volunteer.person_id = helps.requester_id
    session.commit()
    retaining.retain(session, PERIODS, tmp_path, SYSTEM, now)
    session.commit()
    erased = select(Person.id).where(Person.name == erasing.ERASED)
    assert session.scalars(erased).all() == [gone.requester_id]
    assert erasing.read_ledger(tmp_path) == [gone.requester_id]
    assert held.note == "鍵は植木鉢の下"


def test_a_volunteer_is_kept_two_years_after_the_last_activity(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    then = now - timedelta(days=800)
    left, active = (factories.volunteer(session, then) for _ in range(2))
    recent = factories.volunteer(session, now - timedelta(days=700))
    for volunteer in (left, active, recent):
        session.get_one(Person, volunteer.person_id).created_at = then
    left.state = recent.state = "withdrawn"
    session.commit()
    assert retaining.due(session, PERIODS, now)["persons"] == [left.person_id]


def test_a_period_of_nothing_keeps_for_ever(session: Session, now: datetime) -> None:
    ended(session, now, 4000)
    never = Retention(details_days=0, names_days=0, volunteers_days=0, jobs_days=0)
    assert not any(retaining.due(session, never, now).values())


def test_finished_jobs_go_and_waiting_ones_stay(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    then = now - timedelta(days=31)
    for state, done_at in (("done", then), ("parked", None), ("pending", None)):
        session.add(
            OutboxJob(name="plan", payload={}, state=state, created_at=then, due_at=then,
                      done_at=done_at)
        )  # fmt: skip
    session.commit()
    assert retaining.retain(session, PERIODS, tmp_path, SYSTEM, now)["jobs"] == 1


def test_a_hold_keeps_everything_until_it_ends(session: Session, now: datetime) -> None:
    need = ended(session, now, 400)
    person = session.get_one(Person, need.requester_id)
    with pytest.raises(Invalid):
        legal_holds.begin(session, person.id, " ", SYSTEM, now)
    legal_holds.begin(session, person.id, "裁判のため", SYSTEM, now)
    with pytest.raises(Conflict):
        legal_holds.begin(session, person.id, "もう一度", SYSTEM, now)
    with pytest.raises(Conflict, match="法的な保全"):
        erasing.erase(session, person, SYSTEM, now)
    legal_holds.end(session, person.id, SYSTEM, now)
    with pytest.raises(Conflict):
        legal_holds.end(session, person.id, SYSTEM, now)
    erasing.erase(session, person, SYSTEM, now)
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM legal_holds")) == 0


def test_a_person_gets_everything_and_who_saw_it(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    need = ended(session, now, 10, name="<b>山田</b> 花子")
    boss = factories.actor(session, "coordinator")
    note_disclosure(session, boss, need.requester_id, ("need", need.id), "coordination", now)
    session.commit()
    person = session.get_one(Person, need.requester_id)
    machine, page = subjects.write(session, person, tmp_path / "out", SYSTEM, now)
    assert machine.stat().st_mode & 0o077 == page.stat().st_mode & 0o077 == 0
    found = json.loads(machine.read_text())
    assert found["person"][0]["phone"] == person.phone
    assert found["needs"][0]["note"] == "鍵は植木鉢の下"
    assert found["notes"][0]["body"] == "犬がいる"
    assert found["seen"][0]["role"] == "coordinator"
    assert {each["purpose"] for each in found["consents"]} == set(factories.CONSENTS)
    text = page.read_text()
    assert "コーディネーター" in text
    assert "<b>山田" not in text


def test_on_my_page_everybody_gets_their_own_without_the_notes_of_staff(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    need = ended(session, now, 10)
    entry = AccountEntry(
        "hana", PASSWORD, "花", (("requester", None, None),), person_id=need.requester_id
    )
    add_account(session, entry, SYSTEM, now)
    session.commit()
    sign_in(client, "hana")
    fields = {"csrf_token": token(client, "/my/consents")}
    answer = client.post("/my/data.json", data=fields)
    assert answer.get_json()["needs"][0]["reference"] == need.reference
    assert "notes" not in answer.get_json()
    assert "犬がいる" not in client.post("/my/data.html", data=fields).text
    assert client.post("/my/data.xml", data=fields).status_code == 404
    exported = select(Event).where(Event.action == "subject_exported")
    assert len(session.scalars(exported).all()) == 2


def test_the_names_on_a_groups_list_go_and_how_many_came_stays(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    """The dry run tells of it first; the list of a visit not long over keeps its names."""
    boss = factories.actor(session, "coordinator")
    member = factories.volunteer(session, now)
    group = VolunteerGroup(reference="G9001", name="花の会", name_key="花の会", created_at=now)
    session.add(group)
    session.flush()
    need = factories.need(session, now, headcount=4)
    visit = confirmed(session, need, boss, now)
    roster = Roster(
        "G9001", (Companion("千厩 花子", APRIL), Companion("室根 次郎", APRIL)), agreed=True
    )
    row = bring(session, visit.id, roster, boss, now)
    session.commit()
    names = [each.name for each in row.members]
    later = visit.ends_at + timedelta(days=90)
    assert retaining.due(session, PERIODS, later)["group_names"] == []
    later += timedelta(seconds=1)
    assert retaining.due(session, PERIODS, later)["group_names"] == [row.id]
    assert [each.name for each in row.members] == names
    assert retaining.retain(session, PERIODS, tmp_path, SYSTEM, later)["group_names"] == 1
    session.commit()
    session.expire_all()
    kept = [(each.name, each.enrolled_on) for each in row.members]
    assert kept == [(erasing.ERASED, None)] * 2 and people_of(row) == 3
    assert retaining.retain(session, PERIODS, tmp_path, SYSTEM, later)["group_names"] == 0
    assert member.id == visit.volunteer_id
