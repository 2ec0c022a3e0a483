"""LINE and short messages over real HTTP: pauses, retries under one key, what the texts hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.links import find_link
from matching.kernel.actor import Actor
from matching.messaging import linking
from matching.messaging.gateways import Away, Later, Parcel, Refused, Sent
from matching.messaging.gateways.http import pause_of
from matching.messaging.gateways.line import LineGateway
from matching.messaging.gateways.sms import SmsGateway, international, is_mobile
from matching.messaging.models import GatewayPause
from matching.messaging.sending import Post
from matching.messaging.settings import HttpGateway
from matching.volunteers.models import Volunteer
from tests.messaging import http_gateways
from tests.messaging.http_gateways import Service
from tests.messaging.scenes import RESIDENT, asked, only_message, work

FRIEND = "U" + "4af4980629" * 3 + "ab"
PARCEL = Parcel("11111111-2222-3333-4444-555555555555", FRIEND, "件名", "本文")
BASE = "https://musubi.example.jp"


@pytest.fixture
def service() -> Iterator[tuple[Service, HttpGateway]]:
    with http_gateways.running() as found:
        yield found


@pytest.fixture
def remote(service: tuple[Service, HttpGateway]) -> Service:
    return service[0]


@pytest.fixture
def line(service: tuple[Service, HttpGateway]) -> LineGateway:
    return LineGateway(service[1])


@pytest.fixture
def sms(service: tuple[Service, HttpGateway]) -> SmsGateway:
    return SmsGateway(service[1])


def befriend(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    code = linking.make_code(session, person_id, actor, now)
    assert linking.link(session, FRIEND, code.lower(), now)
    session.commit()


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ((429, {"Retry-After": "120"}), Away("429", timedelta(minutes=2))),
        ((429, {}), Away("429")),
        ((503, {"Retry-After": "9999999"}), Away("503", timedelta(hours=6))),
        ((500, {}), Later("500")),
        ((401, {}), Away("401")),
        ((403, {}), Away("403")),
        ((400, {}), Refused("400")),
        ((302, {"Location": "http://127.0.0.1:1/"}), Refused("302")),
    ],
)
def test_what_line_answers_decides_what_happens(
    remote: Service, line: LineGateway, step: tuple[int, dict[str, str]], expected: object
) -> None:
    remote.script = [step]
    assert line.hand_over(PARCEL) == expected
    assert len(remote.calls) == 1


def test_an_answer_that_was_lost_is_found_again_under_the_same_key(
    remote: Service, line: LineGateway
) -> None:
    """At least once sent, shown once: LINE took it, the answer never came, 409 the second time."""
    remote.script = ["drop"]
    assert isinstance(line.hand_over(PARCEL), Away)
    assert isinstance(line.hand_over(PARCEL), Sent)
    assert len(remote.calls) == 2
    assert list(remote.accepted) == [PARCEL.ref]


def test_an_offer_by_line_names_nobody_and_waits_out_a_pause(
    session: Session, now: datetime, coordinator: Actor, remote: Service, line: LineGateway
) -> None:
    proposal = asked(session, now, coordinator, channel="line", name="読売 太郎")
    person_id = session.get_one(Volunteer, proposal.volunteer_id).person_id
    befriend(session, person_id, coordinator, now)
    remote.script = [(429, {"Retry-After": "60"})]
    post = Post({"line": line}, BASE)
    work(session, now, post)
    assert session.scalars(select(GatewayPause.until_at)).one() == now + timedelta(seconds=60)
    work(session, now + timedelta(seconds=59), post)
    assert remote.accepted == {}
    work(session, now + timedelta(seconds=61), post)
    told = only_message(session)
    assert (told.state, told.channel) == ("sent", "line")
    [kept] = remote.accepted.values()
    assert list(remote.accepted) == [told.ref]
    assert kept["path"] == "/v2/bot/message/push"
    assert kept["body"]["to"] == FRIEND
    [said] = kept["body"]["messages"]
    assert RESIDENT not in said["text"]
    assert "読売" not in said["text"]
    token = said["text"].split(f"{BASE}/answer/")[1].split()[0]
    assert find_link(session, token, now).proposal_id == proposal.id


def test_who_blocked_us_on_line_is_reached_another_way(
    session: Session, now: datetime, coordinator: Actor, remote: Service, line: LineGateway
) -> None:
    proposal = asked(session, now, coordinator, channel="line")
    person_id = session.get_one(Volunteer, proposal.volunteer_id).person_id
    befriend(session, person_id, coordinator, now)
    work(session, now, Post({"line": line}, BASE), names=("message",))
    linking.unfollow(session, FRIEND, now)
    session.commit()
    work(session, now, Post({"line": line}, BASE))
    assert remote.calls == []
    assert only_message(session).channel == "phone"


def test_a_short_message_fits_in_one_and_its_link_answers_the_offer(
    session: Session, now: datetime, coordinator: Actor, remote: Service, sms: SmsGateway
) -> None:
    proposal = asked(session, now, coordinator, channel="sms", mobile="090-0000-1234")
    work(session, now, Post({"sms": sms}, BASE))
    [kept] = remote.accepted.values()
    text = kept["body"]["text"]
    assert len(text) <= 70
    assert kept["body"]["to"] == "+819000001234"
    token = text.split(f"{BASE}/a/")[1]
    assert find_link(session, token, now).proposal_id == proposal.id
    assert (only_message(session).provider_ref or "").startswith("sms:")


@pytest.mark.parametrize("step", [(500, {}), (429, {"Retry-After": "5"}), "drop"])
def test_a_short_message_is_counted_once_however_often_it_is_tried(
    remote: Service, sms: SmsGateway, step: tuple[int, dict[str, str]] | str
) -> None:
    remote.script = [step]
    parcel = replace(PARCEL, address="09000001234")
    assert not isinstance(sms.hand_over(parcel), Sent)
    assert isinstance(sms.hand_over(parcel), Sent)
    assert isinstance(sms.hand_over(parcel), Sent)
    assert len(remote.accepted) == 1


def test_a_service_that_is_not_there_is_away(line: LineGateway) -> None:
    gateway = LineGateway(HttpGateway("http://127.0.0.1:1", "t", "s"))
    assert isinstance(gateway.hand_over(PARCEL), Away)


@pytest.mark.parametrize(
    ("written", "pause"),
    [
        ("30", timedelta(seconds=30)),
        ("Mon, 23 Nov 2026 00:01:00 GMT", timedelta(minutes=1)),
        ("Mon, 23 Nov 2020 00:01:00 GMT", timedelta(seconds=1)),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("٣", None),
        ("9" * 400, timedelta(hours=6)),
    ],
)
def test_a_pause_is_read_in_every_way_it_is_written(written: str, pause: timedelta | None) -> None:
    assert pause_of(written, datetime(2026, 11, 23, tzinfo=UTC)) == pause


def test_only_mobiles_take_short_messages() -> None:
    assert is_mobile("０９０-0000-1234")
    assert not is_mobile("0191-00-0001")
    assert not is_mobile("電話なし")
    assert international("090 0000 1234") == "+819000001234"
