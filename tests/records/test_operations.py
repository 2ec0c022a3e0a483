"""Backups that nobody else reads, erasure that is for ever, and who saw what."""

import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matching.coordination.contact_models import Contact
from matching.kernel import audit
from matching.kernel.actor import SYSTEM
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.local import backups
from matching.needs.models import Need, NeedNote
from matching.people.disclosures import note_disclosure, seen_of
from matching.people.models import Person
from matching.records import erasing
from matching.records.breaches import report
from matching.records.restoring import check, sample
from matching.records.vault import CHUNK, open_stream, seal_stream
from tests import factories


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_stream_comes_back_as_it_was(session: Session, size: int) -> None:
    plain, sealed = os.urandom(size), io.BytesIO()
    assert seal_stream(io.BytesIO(plain), sealed, {"n": 1}) == size
    sealed.seek(0)
    assert b"".join(open_stream(sealed)) == plain


def test_a_cut_or_changed_stream_is_refused(session: Session) -> None:
    sealed = io.BytesIO()
    seal_stream(io.BytesIO(os.urandom(2 * CHUNK + 5)), sealed, {})
    whole = sealed.getvalue()
    middle = len(whole) // 2
    for wrong in (
        whole[:-7],
        whole[: -(5 + 16)],
        whole.replace(b"{}", b'{"revision": "0001"}', 1),
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        b"PGDMP" + whole,
    ):
        with pytest.raises(Invalid):
            list(open_stream(io.BytesIO(wrong)))


def test_a_backup_brings_back_what_was_and_reveals_nothing(
    session: Session, engine: Engine, now: datetime, tmp_path: Path
) -> None:
    need = factories.need(session, now, name="菊地 ハル")
    session.commit()
    number, phone = need.requester_id, session.get_one(Person, need.requester_id).phone
    session.close()
    url = engine.url.render_as_string(hide_password=False)
    file = tmp_path / "backup"
    backups.back_up(url, file, {"revision": "0002"})
    assert backups.about(file) == {"revision": "0002"}
    assert file.stat().st_mode & 0o077 == 0
    assert "菊地".encode() not in file.read_bytes()
    with Session(engine) as other:
        other.execute(text("UPDATE persons SET name = 'だれか'"))
        other.execute(text("CREATE TABLE made_since (id int)"))
        other.commit()
    engine.dispose()
    backups.restore(url, file)
    with Session(engine) as other:
        found = other.get_one(Person, number)
        assert (found.name, found.phone) == ("菊地 ハル", phone)
        assert audit.verify(other).broken_at is None
        assert other.scalar(text("SELECT to_regclass('made_since')")) is None
        assert sample(other) == (3, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup"]


def test_a_broken_backup_changes_nothing(
    session: Session, engine: Engine, now: datetime, tmp_path: Path
) -> None:
    factories.need(session, now)
    session.commit()
    file = tmp_path / "backup"
    file.write_bytes(b"nothing")
    with pytest.raises(Invalid, match="バックアップのファイルではありません"):
        backups.restore(engine.url.render_as_string(hide_password=False), file)
    assert session.scalar(select(Need.id)) is not None


def test_a_backup_cut_behind_its_first_part_changes_nothing(
    session: Session, engine: Engine, now: datetime, tmp_path: Path
) -> None:
    factories.need(session, now)
    session.commit()
    url, file = engine.url.render_as_string(hide_password=False), tmp_path / "backup"
    backups.back_up(url, file, {})
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(Invalid, match="途中で切れています"):
        backups.restore(url, file)
    assert session.scalar(select(Need.id)) is not None


def test_a_backup_never_takes_the_place_of_a_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="no ordinary file"):
        backups.back_up("postgresql://", pipe, {})
    assert pipe.is_fifo()


def test_a_backup_that_does_not_fit_this_database_leaves_it_as_it_was(
    session: Session, engine: Engine, now: datetime, tmp_path: Path
) -> None:
    factories.need(session, now)
    session.commit()
    session.close()
    file = tmp_path / "backup"
    with file.open("wb") as target:
        wrong = b"CREATE TABLE half (id int);\nSELECT nothing FROM nowhere;\n"
        seal_stream(io.BytesIO(wrong), target, {})
    with pytest.raises(Invalid, match="元のまま"):
        backups.restore(engine.url.render_as_string(hide_password=False), file)
    assert session.scalar(select(Need.id)) is not None
    assert session.scalar(text("SELECT to_regclass('half')")) is None


def test_a_backup_of_a_newer_service_is_refused() -> None:
    check({"revision": "0002"})
    with pytest.raises(Invalid, match="新しい版"):
        check({"revision": "9999"})


def test_an_erased_person_is_nobody_here_and_in_older_backups(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    volunteer = factories.volunteer(session, now, name="山田 太郎")
    person = session.get_one(Person, volunteer.person_id)
    session.commit()
    sealed = session.execute(
        text("SELECT phone FROM persons WHERE id = :id"), {"id": person.id}
    ).scalar_one()
    erasing.erase(session, person, SYSTEM, now)
    erasing.write_ledger(tmp_path, person.id, now)
    session.commit()
    assert (person.name, person.phone, person.address) == (erasing.ERASED, None, None)
    # The row as an older backup has it: its key is gone, so it does not open.
    session.execute(
        text("UPDATE persons SET phone = :old, name = '山田 太郎' WHERE id = :id"),
        {"old": sealed, "id": person.id},
    )
    session.commit()
    session.refresh(person)
    assert person.phone == "（復号できません）"
    assert erasing.erase_again(session, tmp_path, SYSTEM, now) == 1
    assert erasing.erase_again(session, tmp_path, SYSTEM, now) == 0
    assert person.name == erasing.ERASED


def test_what_was_said_on_the_phone_goes_and_that_it_was_said_stays(
    session: Session, now: datetime
) -> None:
    need = factories.need(session, now, state="declined")
    note = NeedNote(need_id=need.id, written_at=now, kind="contact", body="よく話す方")
    session.add(note)
    session.flush()
    session.add(
        Contact(need_id=need.id, person_id=need.requester_id, channel="phone", outcome="yes",
                note_id=note.id, contacted_at=now)
    )  # fmt: skip
    session.commit()
    erasing.erase(session, session.get_one(Person, need.requester_id), SYSTEM, now)
    session.commit()
    assert session.scalars(select(NeedNote.id)).all() == []
    [contact] = session.scalars(select(Contact)).all()
    assert (contact.outcome, contact.note_id) == ("yes", None)


def test_nobody_is_erased_while_something_is_open(session: Session, now: datetime) -> None:
    need = factories.need(session, now)
    person = erasing.find_person(session, need.reference)
    with pytest.raises(Conflict, match="困りごと"):
        erasing.erase(session, person, SYSTEM, now)


def test_who_is_not_known_is_not_found(session: Session) -> None:
    for named in ("R8-9999", "77", "x"):
        with pytest.raises(NotFound):
            erasing.find_person(session, named)


def test_a_breach_report_names_everybody_who_was_seen_once_a_look(
    session: Session, now: datetime
) -> None:
    need = factories.need(session, now)
    boss = factories.actor(session, "coordinator")
    for minutes in (0, 5, 20):
        moment = now + timedelta(minutes=minutes)
        note_disclosure(session, boss, need.requester_id, ("need", need.id), "x", moment)
    audit.record(session, boss, now, "sheet_exported", "needs", None, rows=12)
    session.commit()
    found = report(session, boss.display_name, now, now + timedelta(hours=1))
    [person] = found["persons"]
    assert (person["person"], len(person["seen"])) == (need.requester_id, 2)
    assert person["fields"] == ["address", "name", "phone"]
    assert found["bulk"][0]["rows"] == 12
    assert not report(session, boss.display_name, now - timedelta(hours=1), now)["persons"]
    assert len(seen_of(session, need.requester_id)) == 2


def test_who_is_not_there_is_told_by_the_name_that_was_given(session: Session) -> None:
    for named in ("99999999999999999999", "R8-9999"):
        with pytest.raises(NotFound, match=named):
            erasing.find_person(session, named)


def test_what_was_disclosed_cannot_be_denied(session: Session, now: datetime) -> None:
    need = factories.need(session, now)
    boss = factories.actor(session, "coordinator")
    note_disclosure(session, boss, need.requester_id, ("need", need.id), "x", now)
    session.commit()
    with pytest.raises(DatabaseError, match="append only"):
        session.execute(text("DELETE FROM disclosures"))
    session.rollback()
