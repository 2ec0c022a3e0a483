"""Mail for real: at least once, one recipient, one name, and every way a server can fail."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.answering import Answer, answer
from matching.coordination.links import find_link
from matching.coordination.models import Proposal
from matching.coordination.withdrawing import withdraw
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.tasks import Task
from matching.messaging.gateways import Away, Later, Parcel, Refused, Sent
from matching.messaging.gateways.mail import MailGateway
from matching.messaging.models import BadAddress, GatewayPause, MessageAttempt
from matching.messaging.rules import MOST_ATTEMPTS
from matching.messaging.sending import Post, send
from matching.messaging.settings import MailServer
from matching.people.models import Person
from matching.volunteers.models import Volunteer
from tests.messaging.scenes import RESIDENT, STREET, asked, only_message, work
from tests.messaging.smtp_sink import Sink, body_of, free_port


def outcomes(session: Session) -> list[str]:
    return list(session.scalars(select(MessageAttempt.outcome).order_by(MessageAttempt.id)))


def test_an_offer_leaves_as_one_mail_with_a_link_that_answers_it(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """BR-19: stage L1 only; the link answers this offer and no other."""
    proposal = asked(session, now, coordinator, email="taro@example.jp")
    work(session, now, post)
    [mail] = sink.mails
    assert sink.recipients == [["taro@example.jp"]]
    assert str(mail["To"]) == "taro@example.jp"
    assert mail["Cc"] is mail["Bcc"] is None
    told = only_message(session)
    assert mail["Message-ID"] == f"<{told.ref}@example.jp>"
    text = body_of(mail)
    assert "山目のあたり" in text
    assert "9:00〜10:00" in text
    whole = mail.as_string() + text + str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert RESIDENT not in whole
    assert STREET not in whole
    token = text.split("https://musubi.example.jp/answer/")[1].split()[0]
    assert find_link(session, token, now).proposal_id == proposal.id
    assert told.state == "sent"


def test_a_crash_after_the_server_took_it_leads_to_a_second_copy_under_the_same_name(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """At least once sent, shown once: the in-box has one row, both copies one Message-ID."""
    asked(session, now, coordinator)
    work(session, now, post, names=("message",))
    number = only_message(session).id
    send(session, {"message": number}, now, post)
    session.rollback()  # the worker dies before it can write down that it sent
    send(session, {"message": number}, now, post)
    session.commit()
    assert len(sink.mails) == 2
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1
    assert only_message(session).state == "sent"
    send(session, {"message": number}, now, post)
    assert len(sink.mails) == 2


@pytest.mark.parametrize("answer_given", ["451 try later", "452 full", "450 busy"])
def test_a_server_that_puts_off_is_asked_again_later(
    session: Session,
    now: datetime,
    coordinator: Actor,
    sink: Sink,
    post: Post,
    answer_given: str,
) -> None:
    asked(session, now, coordinator)
    sink.at_end = [answer_given]
    work(session, now, post)
    assert only_message(session).state == "waiting"
    work(session, now + timedelta(seconds=59), post)
    assert sink.mails == []
    work(session, now + timedelta(seconds=61), post)
    assert only_message(session).state == "sent"
    assert outcomes(session) == ["begun", "later", "begun", "sent"]


def test_a_connection_cut_in_the_middle_of_a_mail_is_tried_again(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    asked(session, now, coordinator)
    sink.hang_up_at_data = 1
    work(session, now, post)
    assert only_message(session).state == "waiting"
    work(session, now + timedelta(minutes=2), post)
    assert only_message(session).state == "sent"
    assert len(sink.mails) == 1


def test_a_mail_that_the_server_never_takes_is_parked_and_somebody_is_told(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    asked(session, now, coordinator)
    sink.at_end = ["451 no"] * 100
    for _ in range(MOST_ATTEMPTS + 2):
        work(session, now, post)
        now += timedelta(minutes=45)
    told = only_message(session)
    assert (told.state, told.attempts) == ("parked", MOST_ATTEMPTS)
    assert session.scalars(select(Task.kind).where(Task.subject_id == told.id)).all() == [
        "message_parked"
    ]


def test_an_address_that_does_not_exist_is_marked_and_somebody_phones(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    asked(session, now, coordinator)
    sink.at_recipient = ["550 no such user"]
    work(session, now, post)
    told = only_message(session)
    assert (told.channel, told.state) == ("phone", "waiting")
    assert session.scalars(select(BadAddress.reason)).one() == "550"
    kinds = set(session.scalars(select(Task.kind)))
    assert {"tell_by_phone", "address_failed"} <= kinds


def test_a_server_that_is_away_costs_no_attempt_and_is_left_alone_for_a_while(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """F15: a day without the server parks nothing, and everything leaves when it is back."""
    nobody = Post({"mail": MailGateway(MailServer("127.0.0.1", free_port()), "x")}, "https://x")
    for _ in range(3):
        asked(session, now, coordinator)
    work(session, now, nobody)
    [pause] = session.scalars(select(GatewayPause)).all()
    assert pause.until_at == now + timedelta(seconds=30)
    assert outcomes(session).count("away") == 1  # the others did not even try
    moment = now
    for _ in range(20):
        moment += timedelta(minutes=11)
        work(session, moment, nobody)
    work(session, moment + timedelta(minutes=11), post)
    assert len(sink.mails) == 3
    assert session.scalars(select(GatewayPause)).all() == []


def test_nothing_leaves_in_quiet_hours(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """BR-15: between eight in the evening and eight in the morning phones stay quiet."""
    asked(session, now, coordinator)
    evening = clock.instant(clock.local_date(now), 20 * 60)
    work(session, evening, post)
    assert sink.mails == []
    work(session, evening + timedelta(hours=11, minutes=59), post)
    assert sink.mails == []
    work(session, evening + timedelta(hours=12), post)
    assert len(sink.mails) == 1


def test_an_offer_that_was_answered_meanwhile_is_not_sent(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    proposal = asked(session, now, coordinator)
    work(session, now, post, names=("message",))
    answer(session, proposal.id, Answer("no", "phone"), coordinator, now)
    session.commit()
    work(session, now, post)
    offer_message = only_message(session)
    assert (offer_message.state, offer_message.failure) == ("dropped", "stale")
    assert sink.mails == []


def test_a_consent_taken_back_before_sending_stops_the_mail(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """BR-32: it counts from the moment of its commit, whatever waits already."""
    proposal = asked(session, now, coordinator)
    work(session, now, post, names=("message",))
    person_id = session.get_one(Volunteer, proposal.volunteer_id).person_id
    withdraw(session, person_id, "coordination_use", "oral", coordinator, now)
    session.commit()
    work(session, now, post)
    assert only_message(session).state == "dropped"
    assert sink.mails == []


def test_an_address_changed_before_sending_is_the_one_that_is_used(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """The recipient is who the rows name at the moment of sending."""
    proposal = asked(session, now, coordinator, email="old@example.jp")
    number = session.get_one(Volunteer, proposal.volunteer_id).person_id
    session.get_one(Person, number).email = "new@example.jp"
    session.commit()
    work(session, now, post)
    assert sink.recipients == [["new@example.jp"]]


@pytest.mark.parametrize(
    "address",
    ["a@example.jp\r\nBcc: b@example.jp", "a@example.jp, b@example.jp", "no address", "a b@x.jp"],
)
def test_an_address_that_is_none_never_reaches_the_server(
    sink: Sink, post: Post, address: str
) -> None:
    outcome = post.gateways["mail"].hand_over(Parcel("r", address, "s", "t"))
    assert outcome == Refused("no such address can be written", address=True)
    assert sink.recipients == []


@pytest.mark.parametrize("local", ["taro..yamada", "taro.", "a+b", "花子"])
def test_old_phone_addresses_are_quoted_and_arrive(sink: Sink, post: Post, local: str) -> None:
    outcome = post.gateways["mail"].hand_over(Parcel("r", f"{local}@docomo.example.jp", "s", "t"))
    if local == "花子":
        assert isinstance(outcome, Refused)
        return
    assert outcome == Sent()
    assert sink.recipients[0][0].replace('"', "") == f"{local}@docomo.example.jp"


def test_a_subject_with_a_line_break_cannot_add_a_header(sink: Sink, post: Post) -> None:
    outcome = post.gateways["mail"].hand_over(
        Parcel("r", "a@example.jp", "s\r\nBcc: b@example.jp", "t")
    )
    assert isinstance(outcome, Refused)
    assert sink.recipients == []


def test_a_slow_server_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """F15: a banner that never ends holds a worker for seconds, not for ever."""
    import socket
    import threading

    from matching.messaging.gateways import mail

    monkeypatch.setattr(mail, "SECONDS_IN_ALL", 1)
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        caller, _ = listener.accept()
        with caller:
            while not stop.wait(0.2):
                try:
                    caller.send(b"2")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    gateway = MailGateway(MailServer("127.0.0.1", listener.getsockname()[1]), "x")
    outcome = gateway.hand_over(Parcel("r", "a@example.jp", "s", "t"))
    stop.set()
    thread.join()
    listener.close()
    assert isinstance(outcome, Away)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("421 closing", Away("421")), ("554 spam", Refused("554")), ("452 later", Later("452"))],
)
def test_what_the_server_says_decides_what_happens(
    sink: Sink, post: Post, reply: str, expected: object
) -> None:
    sink.at_recipient = [reply]
    assert post.gateways["mail"].hand_over(Parcel("r", "a@example.jp", "s", "t")) == expected


def test_two_people_never_share_a_mail(
    session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """T24: each mail has one recipient, and its link is that one's."""
    proposals: dict[str, Proposal] = {}
    for number in range(5):
        address = f"p{number}@example.jp"
        proposals[address] = asked(session, now, coordinator, email=address)
    work(session, now, post)
    assert len(sink.mails) == 5
    for recipients, mail in zip(sink.recipients, sink.mails, strict=True):
        [address] = recipients
        token = body_of(mail).split("/answer/")[1].split()[0]
        assert find_link(session, token, now).proposal_id == proposals[address].id
