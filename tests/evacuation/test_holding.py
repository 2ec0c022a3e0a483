"""BR-33: the city's list is held in a disaster only, for a time, read by name, and proved gone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from config import Retention
from matching.evacuation import holding
from matching.evacuation.holding import Copy
from matching.evacuation.models import EvacuationLine, EvacuationList
from matching.interchange.reading import read_sheet
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.noticeboard.switching import newest, switch_mode
from matching.records import retaining
from tests import factories
from tests.web.browsing import sign_in
from tests.web.test_visit_life import send

LINES = "山目一郎　字中野9001　0191-00-0101　車いす\n\n千厩花子　字北方9002　0191-00-0102\n"
COPY = Copy("大雨 名簿", "市 防災課", "disaster", 7, LINES)


@pytest.fixture
def boss(session: Session) -> Actor:
    return factories.actor(session, "center_manager")


@pytest.fixture
def in_disaster(session: Session, boss: Actor, now: datetime) -> None:
    switch_mode(session, "disaster", 0, date(2026, 12, 1), boss, now)
    session.commit()


def left(session: Session) -> int:
    return session.scalar(select(func.count(EvacuationLine.id))) or 0


def test_nothing_is_taken_in_outside_a_disaster(
    session: Session, boss: Actor, now: datetime
) -> None:
    with pytest.raises(Conflict, match="災害の体制"):
        holding.take_in(session, COPY, boss, now)


@pytest.mark.usefixtures("in_disaster")
def test_a_copy_is_sealed_read_by_who_is_named_and_each_look_is_written_down(
    session: Session, boss: Actor, now: datetime
) -> None:
    named, other = (factories.actor(session, "coordinator") for _ in range(2))
    assert named.account_id is not None
    copy = Copy("大雨 名簿", "市 防災課", "disaster", 7, LINES, {named.account_id})
    row = holding.take_in(session, copy, boss, now)
    session.commit()
    kept = session.scalars(text("SELECT body FROM evacuation_lines")).all()
    assert len(kept) == 2 and not any("山目" in each for each in kept)
    assert holding.read(session, row.id, "safety", "千厩", named, now) == [LINES.split("\n")[2]]
    assert len(holding.read(session, row.id, "evacuation", "", boss, now)) == 2
    with pytest.raises(Invalid, match="何のために"):
        holding.read(session, row.id, "curious", "", named, now)
    with pytest.raises(NotFound):
        holding.read(session, row.id, "safety", "", other, now)
    assert holding.lists_of(session, other) == []
    found = holding.reads_of(session, row.id)
    looks = [(each.read_by_id, each.purpose, each.shown) for each in found]
    assert looks == [(named.account_id, "safety", 1), (boss.account_id, "evacuation", 2)]
    noted = session.scalars(select(Event).where(Event.action == "evacuation_read")).all()
    assert len(noted) == 2 and "千厩" not in str([each.details for each in noted])


Then = Callable[[Session, Actor, datetime], datetime]


def expires(_session: Session, _boss: Actor, now: datetime) -> datetime:
    return now + timedelta(days=7)


def ends(session: Session, boss: Actor, now: datetime) -> datetime:
    last = newest(session)
    assert last is not None
    switch_mode(session, "peace", last.id, None, boss, now)
    return now


@pytest.mark.usefixtures("in_disaster")
@pytest.mark.parametrize(("then", "ending"), [(expires, "expired"), (ends, "over")])
def test_a_copy_goes_by_itself_with_its_time_or_its_disaster(
    session: Session, boss: Actor, now: datetime, tmp_path: Path, then: Then, ending: str
) -> None:
    """It is not read from that moment on; the night destroys it, and what proves it stays."""
    row = holding.take_in(session, COPY, boss, now)
    session.commit()
    keep = Retention(details_days=0, names_days=0, volunteers_days=0, jobs_days=0)
    assert retaining.retain(session, keep, tmp_path, SYSTEM, now)["evacuation"] == 0
    later = then(session, boss, now)
    with pytest.raises(Conflict):
        holding.read(session, row.id, "safety", "", boss, later)
    assert left(session) == 2
    assert retaining.retain(session, keep, tmp_path, SYSTEM, later)["evacuation"] == 1
    assert (left(session), row.ending, row.count, len(row.digest)) == (0, ending, 2, 64)


@pytest.mark.usefixtures("in_disaster")
@pytest.mark.parametrize("wrong", [
    {"title": " "}, {"handed_by": "x" * 101}, {"basis": "any"}, {"days": 31}, {"days": 0},
    {"text": " \n"}, {"text": "x\n" * 2001}, {"text": "x" * 1001},
])  # fmt: skip
def test_what_is_no_copy_is_refused(
    session: Session, boss: Actor, now: datetime, wrong: dict[str, str]
) -> None:
    said = {"title": "t", "handed_by": "h", "basis": "disaster", "days": 7, "text": "x"} | wrong
    with pytest.raises(Invalid):
        holding.take_in(session, Copy(**said), boss, now)  # type: ignore[arg-type]


@pytest.mark.usefixtures("in_disaster")
def test_a_manager_takes_a_copy_in_reads_it_and_prints_the_proof_of_its_end(
    client: FlaskClient, session: Session, boss: Actor
) -> None:
    sign_in(client, boss.display_name)
    page = "/desk/evacuation"
    typed = {"title": "大雨", "handed_by": "市 防災課", "basis": "disaster", "days": "7"}
    assert send(client, page, page, **typed, text="") == 422
    assert send(client, page, page, **typed, text=LINES) == 302
    row = session.scalars(select(EvacuationList)).one()
    own = f"{page}/{row.id}"
    assert "山目一郎" not in client.get(own).text
    assert send(client, own, f"{own}/read", purpose="safety", words="山目") == 200
    assert "安否をたしかめる" in client.get(own).text
    assert send(client, own, f"{own}/purge") == 302
    proof = client.get(own).text
    assert "消去の証明" in proof and row.digest in proof and "役目を終えた" in proof
    assert left(session) == 0


def test_the_citys_list_is_no_sheet_of_ours(tmp_path: Path) -> None:
    sheet = tmp_path / "list.csv"
    rows = ("避難行動要支援者名簿", "氏名,フリガナ,電話番号,住所,避難支援等実施者", "山目一郎,,,,")
    sheet.write_text("\n".join(rows))
    reading = read_sheet(sheet, "volunteers")
    assert list(reading.records) == [] and reading.refusal is not None
    assert reading.refusal.code == "city_list"
