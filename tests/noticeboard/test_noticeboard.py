"""Notices reach whom they are for while their time lasts; two people never switch modes at once."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel.actor import PUBLIC, Actor
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from matching.noticeboard.publishing import publish, restore, withdraw
from matching.noticeboard.queries import list_kept, notices_for
from matching.noticeboard.rules import NoticeEntry
from matching.noticeboard.switching import mode_of, newest, switch_mode
from tests import factories

TODAY = date(2026, 11, 23)


def entry(**settings: object) -> NoticeEntry:
    words = {"text_ja": "休みます", "text_easy": "休（やす）みます", "text_en": "Closed"}
    usual = {"audience": "all", "area_code": None, "starts_on": TODAY, "ends_on": TODAY, **words}
    return NoticeEntry(**usual | settings)  # type: ignore[arg-type]


@pytest.fixture
def boss(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def told(session: Session, reader: Actor, at: datetime) -> list[str]:
    return [notice.text_ja for notice in notices_for(session, reader, at)]


def test_a_notice_reaches_its_readers_and_nobody_else(
    session: Session, now: datetime, boss: Actor
) -> None:
    readers = {
        "visitor": PUBLIC,
        "volunteer": factories.actor(session, "volunteer"),
        "resident of hanaizumi": factories.actor(
            session,
            "requester",
            person_id=factories.need(
                session, now, contact=factories.contact(area_code="hanaizumi")
            ).requester_id,
        ),
        "branch": factories.actor(session, "branch_staff", area="hanaizumi"),
        "desk": boss,
    }
    for number, (audience, area) in enumerate(
        [("all", None), ("volunteers", None), ("all", "hanaizumi"), ("desk", "daito")]
    ):
        publish(session, entry(audience=audience, area_code=area, text_ja=str(number)), boss, now)
    assert {name: told(session, reader, now) for name, reader in readers.items()} == {
        "visitor": ["0"],
        "volunteer": ["1", "0"],
        "resident of hanaizumi": ["2", "0"],
        "branch": ["2", "0"],
        "desk": ["3", "2", "0"],
    }


def test_a_notice_stands_from_its_first_day_to_the_end_of_its_last(
    session: Session, now: datetime, boss: Actor
) -> None:
    publish(session, entry(starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 25)), boss, now)
    midnight = datetime.fromisoformat("2026-11-24T00:00+09:00")
    seen = [
        bool(told(session, PUBLIC, midnight + timedelta(minutes=minutes)))
        for minutes in (-1, 0, 2 * 24 * 60 - 1, 2 * 24 * 60)
    ]
    assert seen == [False, True, True, False]


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("audience", {"audience": "dogs"}),
        ("area_code", {"area_code": "tokyo"}),
        ("text_easy", {"text_easy": "　"}),
        ("text_en", {"text_en": "x" * 301}),
        ("ends_on", {"starts_on": date(2026, 11, 25), "ends_on": TODAY}),
        ("ends_on", {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 22)}),
        ("ends_on", {"ends_on": date(2028, 1, 1)}),
        ("ends_on", {"starts_on": date.max, "ends_on": date.max}),
        ("starts_on", {"starts_on": date.min}),
    ],
)
def test_what_cannot_be_put_up_is_said_at_its_field(
    session: Session, now: datetime, boss: Actor, field: str, settings: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        publish(session, entry(**settings), boss, now)
    assert refused.value.field == field


def test_taking_down_and_up_again_keeps_to_the_version_and_the_office(
    session: Session, now: datetime, boss: Actor
) -> None:
    notice = publish(session, entry(area_code="daito"), boss, now)
    branch = factories.actor(session, "branch_staff", area="hanaizumi")
    assert list_kept(session, branch) == []
    with pytest.raises(NotFound):
        withdraw(session, notice.id, 1, branch, now)
    withdraw(session, notice.id, 1, boss, now)
    assert told(session, boss, now) == []
    with pytest.raises(StaleVersion):
        restore(session, notice.id, 1, boss, now)
    restore(session, notice.id, 2, boss, now)
    assert told(session, boss, now) == ["休みます"]
    with pytest.raises(Conflict):
        restore(session, notice.id, 3, boss, now)
    session.flush()
    actions = session.scalars(select(Event.action).where(Event.subject_type == "notice"))
    assert list(actions) == ["notice_published", "notice_withdrawn", "notice_restored"]


def test_the_mode_is_switched_once_from_what_was_seen(
    session: Session, now: datetime, boss: Actor
) -> None:
    assert mode_of(newest(session)) == "peace"
    first = switch_mode(session, "snow", 0, date(2027, 1, 31), boss, now)
    with pytest.raises(Conflict):
        switch_mode(session, "disaster", 0, None, boss, now)
    for mode, day in (("snow", None), ("storm", None), ("disaster", date(2026, 11, 22))):
        with pytest.raises(Invalid):
            switch_mode(session, mode, first.id, day, boss, now)
    last = switch_mode(session, "peace", first.id, date(2026, 12, 1), boss, now)
    assert (mode_of(newest(session)), last.until_on, last.switched_by_id) == (
        *("peace", None),
        boss.account_id,
    )
    noted = session.scalars(select(Event).where(Event.action == "mode_switched")).all()
    assert [event.details["mode"] for event in noted] == ["snow", "peace"]
