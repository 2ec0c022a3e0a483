"""Calendar feeds, read back by another library than the one that writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import vobject
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.models import Placement, Proposal
from matching.coordination.withdrawing import withdraw
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.audit import Event
from matching.messaging.feed_models import CalendarFeed
from matching.messaging.feeding import GOOD_FOR
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from matching.volunteers.models import Volunteer
from tests.factories import PASSWORD
from tests.messaging.scenes import RESIDENT, STREET, asked
from tests.web.browsing import sign_in, token

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def proposal(session: Session, now: datetime, coordinator: Actor) -> Proposal:
    made = asked(session, now, coordinator, name="山田 太郎")
    person_id = session.get_one(Volunteer, made.volunteer_id).person_id
    entry = AccountEntry("taro", PASSWORD, "太郎", (("volunteer", None, None),), person_id)
    add_account(session, entry, SYSTEM, now)
    session.commit()
    return made


@pytest.fixture
def taro(client: FlaskClient, proposal: Proposal) -> FlaskClient:
    sign_in(client, "taro")
    return client


def accept(session: Session, proposal: Proposal, coordinator: Actor, now: datetime) -> None:
    answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    session.commit()


def settle(session: Session, proposal: Proposal, coordinator: Actor, now: datetime) -> Placement:
    accept(session, proposal, coordinator, now)
    resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    session.commit()
    return session.scalars(select(Placement)).one()


def subscribe(client: FlaskClient, label: str = "電話") -> str:
    fields = {"csrf_token": token(client, "/my/calendar"), "label": label}
    answer_ = client.post("/my/calendar/feeds", data=fields)
    assert answer_.status_code == 200
    page = BeautifulSoup(answer_.data, "html.parser")
    address = page.select_one(".number-to-copy code")
    assert address is not None
    webcal = page.select_one("a[href^='webcal://']")
    assert webcal is not None
    return urlsplit(address.text).path


def events(client: FlaskClient, path: str) -> list[Any]:
    answer_ = client.get(path)
    assert answer_.status_code == 200
    assert answer_.content_type == "text/calendar; charset=utf-8"
    read = vobject.readOne(answer_.data.decode())
    assert read.behavior is not None
    read.validate(raiseException=True)
    return list(getattr(read, "vevent_list", []))


def test_a_visit_that_is_settled_has_the_right_time_and_says_nothing_of_the_resident(
    session: Session, now: datetime, coordinator: Actor, taro: FlaskClient, proposal: Proposal
) -> None:
    """T17, BR-19: a feed is read without signing in, so it holds times and the area (L0) only."""
    settle(session, proposal, coordinator, now)
    path = subscribe(taro)
    [event] = events(taro, path)
    day = clock.local_date(now) + timedelta(days=3)
    expected = datetime(day.year, day.month, day.day, 9, 0, tzinfo=TOKYO)
    assert event.dtstart.value == expected
    assert event.dtstart.value.astimezone(UTC).hour == 0
    assert event.dtend.value - event.dtstart.value == timedelta(hours=1)
    assert event.status.value == "CONFIRMED"
    assert event.location.value == "一関"
    raw = taro.get(path).data.decode()
    assert "TZID=Asia/Tokyo" in raw
    assert "BEGIN:VTIMEZONE" in raw
    unfolded = raw.replace("\r\n ", "")
    for secret in (RESIDENT, RESIDENT.split()[0], STREET, "山目", "買い物", "0191-0"):
        assert secret not in unfolded.replace("0191-00-0001", ""), secret
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))


def test_a_visit_that_is_called_off_is_marked_and_counts_up(
    session: Session, now: datetime, coordinator: Actor, taro: FlaskClient, proposal: Proposal
) -> None:
    """The same UID with a higher SEQUENCE: calendars strike it out instead of keeping both."""
    accept(session, proposal, coordinator, now)
    path = subscribe(taro)
    seen = []
    [event] = events(taro, path)
    seen.append((event.uid.value, event.status.value, int(event.sequence.value)))
    resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    session.commit()
    [event] = events(taro, path)
    seen.append((event.uid.value, event.status.value, int(event.sequence.value)))
    cancel(session, session.scalars(select(Placement.id)).one(), "雪", coordinator, now)
    session.commit()
    [event] = events(taro, path)
    seen.append((event.uid.value, event.status.value, int(event.sequence.value)))
    assert len({uid for uid, _status, _sequence in seen}) == 1
    assert [status for _uid, status, _sequence in seen] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    numbers = [sequence for _uid, _status, sequence in seen]
    assert numbers == sorted(set(numbers))


def test_an_unchanged_feed_is_not_sent_again(
    session: Session, now: datetime, coordinator: Actor, taro: FlaskClient, proposal: Proposal
) -> None:
    placement = settle(session, proposal, coordinator, now)
    path = subscribe(taro)
    first = taro.get(path)
    tag = first.headers["ETag"]
    same = taro.get(path, headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    assert taro.head(path).headers["ETag"] == tag
    cancel(session, placement.id, "雪", coordinator, now)
    session.commit()
    changed = taro.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert first.headers["Cache-Control"] == "no-store"


def test_a_revoked_address_is_not_there_from_the_next_request_on(
    app: Any, session: Session, taro: FlaskClient
) -> None:
    path = subscribe(taro)
    reader = app.test_client()
    assert reader.get(path).status_code == 200
    page = BeautifulSoup(taro.get("/my/calendar").data, "html.parser")
    action = str(page.select_one("form[action$='/revoke']")["action"])  # type: ignore[index]
    fields = {"csrf_token": token(taro, "/my/calendar")}
    assert taro.post(action, data=fields).status_code == 302
    gone, never = reader.get(path), reader.get("/calendar/" + "A" * 43 + ".ics")
    assert gone.status_code == never.status_code == 404
    assert taro.post(action.replace("feeds/", "feeds/9"), data=fields).status_code == 404


def test_a_feed_ends_with_its_time_and_with_its_account(
    app: Any, session: Session, now: datetime, taro: FlaskClient
) -> None:
    path, reader = subscribe(taro), app.test_client()
    clock.freeze(now + GOOD_FOR)
    assert reader.get(path).status_code == 404
    clock.freeze(now)
    assert reader.get(path).status_code == 200
    account = session.scalars(select(Account).where(Account.login == "taro")).one()
    account.disabled_at = now
    session.commit()
    assert reader.get(path).status_code == 404


def test_a_consent_taken_back_takes_the_visit_out(
    session: Session, now: datetime, coordinator: Actor, taro: FlaskClient, proposal: Proposal
) -> None:
    placement = settle(session, proposal, coordinator, now)
    path = subscribe(taro)
    assert len(events(taro, path)) == 1
    session.refresh(placement, ["need"])
    requester = placement.need.requester_id
    withdraw(session, requester, "coordination_use", "oral", coordinator, now)
    session.commit()
    assert events(taro, path) == []


def test_only_the_digest_is_kept_and_reading_writes_nothing(
    app: Any, session: Session, taro: FlaskClient
) -> None:
    path = subscribe(taro)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    kept = session.scalars(select(CalendarFeed)).one()
    assert secret not in (kept.digest, kept.label)
    assert len(secret) == 43
    before = session.scalar(select(func.count(Event.id)))
    app.test_client().get(path)
    session.rollback()
    assert session.scalar(select(func.count(Event.id))) == before


def test_nobody_has_more_than_five_and_nobody_takes_back_anothers(
    session: Session, taro: FlaskClient
) -> None:
    for number in range(5):
        subscribe(taro, f"{number}台目")
    fields = {"csrf_token": token(taro, "/my/calendar"), "label": "x"}
    assert taro.post("/my/calendar/feeds", data=fields).status_code == 409
    entry = AccountEntry("jiro", PASSWORD, "次郎", (("volunteer", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    number = session.scalars(select(CalendarFeed.id)).first()
    session.commit()
    sign_in(taro, "jiro")
    fields["csrf_token"] = token(taro, "/my/calendar")
    assert taro.post(f"/my/calendar/feeds/{number}/revoke", data=fields).status_code == 404


def test_months_and_weeks_open_on_any_day(
    session: Session, now: datetime, coordinator: Actor, taro: FlaskClient, proposal: Proposal
) -> None:
    settle(session, proposal, coordinator, now)
    here = {"2026-11-26", "x", "0000-00-00", ""}
    for on in (*here, "2028-02-29", "2026-03-31", "9999-12-31"):
        for view in ("", "&view=week"):
            page = taro.get(f"/my/calendar?on={on}{view}")
            assert page.status_code == 200
            told = BeautifulSoup(page.data, "html.parser").select(".calendar__visit")
            assert len(told) == (1 if on in here else 0), (on, view)
            assert RESIDENT not in page.text
