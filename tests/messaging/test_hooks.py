"""What gateways tell us counts once, signed and fresh; anything else changes nothing."""

import base64
import hashlib
import hmac
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config as settings
from matching.kernel.actor import Actor
from matching.kernel.tasks import Task
from matching.messaging import bouncing, linking
from matching.messaging.hook_models import HookEvent, LineFriend
from matching.messaging.models import BadAddress
from matching.messaging.sending import Post
from matching.messaging.settings import HttpGateway
from matching.volunteers.models import Volunteer
from tests.messaging.scenes import asked, only_message, work
from tests.messaging.smtp_sink import Sink

SECRET, FRIEND = "s" * 32, "U" + "0123456789" * 3 + "ab"


@pytest.fixture
def hooked(app: Flask) -> Iterator[FlaskClient]:
    before: settings.Config = app.extensions["musubi"]
    gateway = HttpGateway("http://127.0.0.1:1", "t", SECRET)
    app.extensions["musubi"] = replace(
        before, gateways=replace(before.gateways, line=gateway, sms=gateway)
    )
    yield app.test_client()
    app.extensions["musubi"] = before


def event(kind: str, now: datetime, number: str = "01", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "webhookEventId": number,
        "timestamp": int(now.timestamp() * 1000),
        "source": {"type": "user", "userId": FRIEND},
        "deliveryContext": {"isRedelivery": False},
    } | more


def from_line(client: FlaskClient, *events: Any, secret: str = SECRET) -> TestResponse:
    body = json.dumps({"destination": "x", "events": list(events)}).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return client.post("/hooks/line", data=body, headers={"X-Line-Signature": signature.decode()})


def from_sms(
    client: FlaskClient, report: dict[str, Any], at: datetime, secret: str = SECRET
) -> TestResponse:
    body, stamp = json.dumps(report).encode(), str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": stamp, "X-Signature": f"sha256={signature}"}
    return client.post("/hooks/sms", data=body, headers=headers)


def test_nothing_is_heard_where_nothing_is_set_up(client: FlaskClient) -> None:
    assert client.post("/hooks/line", data=b"{}").status_code == 404
    assert client.post("/hooks/sms", data=b"{}").status_code == 404


def test_a_wrong_signature_changes_nothing(
    hooked: FlaskClient, session: Session, now: datetime
) -> None:
    assert from_line(hooked, event("follow", now), secret="x").status_code == 403
    assert hooked.post("/hooks/line", data=b"{}").status_code == 403
    bent = {"X-Line-Signature": "電話"}.items()
    assert hooked.post("/hooks/line", data=b"{}", headers=dict(bent)).status_code == 403
    assert from_sms(hooked, {"id": "1", "status": "failed"}, now, "x").status_code == 403
    assert session.scalar(select(func.count()).select_from(HookEvent)) == 0


@pytest.mark.parametrize(
    "events",
    [
        ["text"],
        [None],
        [{}],
        [{"type": "follow"}],
        [{"type": "follow", "webhookEventId": 7}],
        [{"type": "follow", "webhookEventId": "1", "source": {"userId": ["x"]}}],
        [{"type": "follow", "webhookEventId": "1", "source": {"userId": "U"}, "timestamp": "now"}],
        [{"type": "follow", "webhookEventId": "1", "source": {"userId": "U"}, "timestamp": 5}],
        [
            {
                "type": "follow",
                "webhookEventId": "1",
                "source": {"userId": "U"},
                "timestamp": 10**400,
            }
        ],
        [{"type": "follow", "webhookEventId": "1", "source": {"userId": "\ud800"}, "timestamp": 1}],
        [{"type": "follow", "webhookEventId": "\ud800", "source": {"userId": "U"}, "timestamp": 1}],
    ],
)
def test_strange_events_are_let_go(
    hooked: FlaskClient, session: Session, events: list[Any]
) -> None:
    assert from_line(hooked, *events).status_code == 200
    assert session.scalar(select(func.count()).select_from(LineFriend)) == 0


def test_a_code_sent_by_line_links_the_account_once(
    hooked: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    proposal = asked(session, now, coordinator)
    person_id = session.get_one(Volunteer, proposal.volunteer_id).person_id
    code = linking.make_code(session, person_id, coordinator, now)
    session.commit()
    from_line(hooked, event("follow", now))
    words = event("message", now, "02", message={"type": "text", "text": f" {code.lower()} "})
    assert from_line(hooked, words).status_code == 200
    friend = session.scalars(select(LineFriend)).one()
    assert (friend.person_id, friend.user_id) == (person_id, FRIEND)
    linking.unlink(session, person_id, coordinator, now)
    session.commit()
    from_line(hooked, words)  # heard before
    from_line(hooked, words | {"webhookEventId": "03"})  # the code is used up
    session.expire_all()
    assert session.scalars(select(LineFriend)).one().person_id is None


def test_words_by_line_ask_for_a_call_and_are_not_kept(
    hooked: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    proposal = asked(session, now, coordinator)
    person_id = session.get_one(Volunteer, proposal.volunteer_id).person_id
    linking.link(session, FRIEND, linking.make_code(session, person_id, coordinator, now), now)
    session.commit()
    from_line(hooked, event("message", now, message={"type": "text", "text": "熱が出ました"}))
    from_line(hooked, event("postback", now, "9", postback={"data": "熱が出ました"}))
    tasks = session.scalars(select(Task).where(Task.kind == "line_words")).all()
    assert [(task.subject_id, task.details) for task in tasks] == [(person_id, {})]


def test_who_unfollows_is_not_written_to_and_may_come_back(
    hooked: FlaskClient, session: Session, now: datetime
) -> None:
    for number, (kind, gone) in enumerate(
        [("follow", False), ("unfollow", True), ("follow", False)]
    ):
        from_line(hooked, event(kind, now, str(number)))
        session.expire_all()
        assert (session.scalars(select(LineFriend)).one().unfollowed_at is not None) is gone


def sent_by_sms(session: Session, now: datetime, coordinator: Actor) -> None:
    asked(session, now, coordinator)
    work(session, now, Post({}, ""), names=("message",))
    told = only_message(session)
    told.channel, told.state, told.sent_at, told.provider_ref = "sms", "sent", now, "sms:n1"
    session.commit()


def test_a_delivery_report_counts_once(
    hooked: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    sent_by_sms(session, now, coordinator)
    for _ in range(2):
        assert from_sms(hooked, {"id": "n1", "status": "delivered"}, now).status_code == 200
    assert only_message(session).delivered_at == now
    assert session.scalar(select(func.count()).select_from(HookEvent)) == 1


def test_a_failed_short_message_is_told_by_phone(
    hooked: FlaskClient, session: Session, now: datetime, coordinator: Actor
) -> None:
    sent_by_sms(session, now, coordinator)
    from_sms(hooked, {"id": "n1", "status": "failed"}, now)
    assert (only_message(session).channel, only_message(session).state) == ("phone", "waiting")


def test_an_old_report_is_not_taken_again(
    hooked: FlaskClient, session: Session, now: datetime
) -> None:
    old = datetime.fromtimestamp(now.timestamp() - 301, now.tzinfo)
    assert from_sms(hooked, {"id": "n1", "status": "failed"}, old).status_code == 403


def note(ref: str, recipient: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A note of failure as mail servers write it."""
    report = MIMEMultipart("report", report_type="delivery-status")
    human = MIMENonMultipart("text", "plain")
    human.set_payload("This is the mail system.")
    report.attach(human)
    machine = MIMEMultipart("mixed")
    machine.set_type("message/delivery-status")
    body = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.jp\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n\n"
    )
    given_back = EmailMessage()
    given_back["Message-ID"] = f"<{ref}@example.jp>"
    text = report.as_string().split("\n\n")[0]
    boundary = report.get_boundary()
    return (
        f"{text}\n\n--{boundary}\nContent-Type: text/plain\n\nfailed\n--{boundary}\n{body}"
        f"--{boundary}\nContent-Type: text/rfc822-headers\n\n{given_back.as_string()}"
        f"--{boundary}--\n"
    ).encode()


def test_a_note_of_failure_marks_the_address_and_somebody_phones(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    asked(session, now, coordinator, email="gone@example.jp")
    work(session, now, post)
    raw = note(only_message(session).ref, "Gone@Example.JP")
    assert bouncing.take_in(session, raw, now) == "bounced"
    session.commit()
    assert (only_message(session).channel, only_message(session).state) == ("phone", "waiting")
    assert session.scalars(select(BadAddress.reason)).one() == "5.1.1"
    assert bouncing.take_in(session, raw, now) == "unknown"


@pytest.mark.parametrize(
    ("recipient", "action", "status", "result"),
    [
        ("gone@example.jp", "delayed", "4.4.1", "delayed"),
        ("gone@example.jp", "failed", "4.2.2", "delayed"),
        ("other@example.jp", "failed", "5.1.1", "unknown"),
        ("", "failed", "5.1.1", "other"),
    ],
)
def test_a_note_about_another_or_for_now_marks_nothing(
    session: Session,
    now: datetime,
    coordinator: Actor,
    post: Post,
    recipient: str,
    action: str,
    status: str,
    result: str,
) -> None:
    asked(session, now, coordinator, email="gone@example.jp")
    work(session, now, post)
    raw = note(only_message(session).ref, recipient, action, status)
    assert bouncing.take_in(session, raw, now) == result
    assert session.scalars(select(BadAddress)).all() == []


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 100, b"Subject: hi\n\nhello", b"--\n" * 1000])
def test_any_other_mail_is_let_go(raw: bytes) -> None:
    assert bouncing.read(raw) is None


def test_a_note_bent_in_any_place_is_read_or_let_go() -> None:
    """What comes in by mail was written by anybody: no byte of it stops the box."""
    whole = note("11111111-2222-3333-4444-555555555555", "gone@example.jp")
    assert bouncing.read(whole) is not None
    draw = random.Random(7)
    for _ in range(int(os.environ.get("MUSUBI_FUZZ", "300"))):
        bent = bytearray(whole)
        for _ in range(draw.randint(1, 8)):
            bent[draw.randrange(len(bent))] = draw.randrange(256)
        found = bouncing.read(bytes(bent[: draw.randint(1, len(bent))]))
        assert found is None or found.recipient.isascii()
