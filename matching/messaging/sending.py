"""Sending: looked at once more, handed to a gateway outside of any lock, and written down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.links import make_link
from matching.kernel import audit, clock, tasks
from matching.kernel.actor import SYSTEM
from matching.messaging import dispatching, occasions, pausing, telling
from matching.messaging.gateways import Away, GatewaysByName, Later, Outcome, Parcel, Refused, Sent
from matching.messaging.models import Message
from matching.messaging.occasions import Occasion
from matching.messaging.reaching import addresses, mark_bad
from matching.messaging.rules import (
    CAN_WAIT,
    GATEWAYS,
    KINDS,
    MOST_A_DAY,
    MOST_ATTEMPTS,
    choose,
    pause_after,
)
from matching.messaging.words import Words, chat_text, mail_page, mail_text, sms_text
from matching.people.models import Person
from matching.places.calendar import end_of_quiet

WITH_LINK = ("offer", "offer_reminder")


@dataclass(frozen=True)
class Post:
    """What sending stands on: the gateways that are set up, and the address of our pages."""

    gateways: GatewaysByName
    base_url: str


def send(session: Session, payload: Mapping[str, Any], now: datetime, post: Post) -> None:
    """Bring one message to its gateway.

    The looking happens in a transaction of its own, committed before the gateway is spoken to:
    a slow gateway holds nobody up, and a crash after it leads to a second copy under the same
    name, never to silence.
    """
    number = int(payload["message"])
    with Session(session.get_bind()) as looking:
        ready = _prepare(looking, number, now, post)
        looking.commit()
    if ready is None:
        return
    channel, parcel = ready
    outcome = post.gateways[channel].hand_over(parcel)
    message = _locked(session, number)
    if message.state == "waiting" and message.channel == channel:
        SETTLE[type(outcome)](session, message, outcome, now)


def _locked(session: Session, number: int) -> Message:
    return session.scalars(select(Message).where(Message.id == number).with_for_update()).one()


def _prepare(session: Session, number: int, now: datetime, post: Post) -> tuple[str, Parcel] | None:
    """Look whether a message may leave now, and write the parcel; None where it may not."""
    message = _locked(session, number)
    if message.state != "waiting" or message.channel not in GATEWAYS:
        return None
    occasion = occasions.of_message(session, message)
    if reason := _hindrance(session, message, occasion, now):
        dispatching.drop(session, message, reason, now)
        return None
    if (later := _not_yet(session, message, now)) is not None:
        dispatching.ask_to_send(session, message, later, now)
        return None
    person = session.get_one(Person, message.person_id)
    found = addresses(session, person, post.gateways)
    if message.channel not in found:
        reroute(session, message, occasion, found, now)
        return None
    message.attempts += 1
    dispatching.note(session, message, "begun", now)
    words = occasions.words_for(session, occasion, now)
    link = _link(session, message, occasion, post.base_url, now)
    return message.channel, WRITE[message.channel](message, found[message.channel], words, link)


def _hindrance(session: Session, message: Message, occasion: Occasion, now: datetime) -> str | None:
    if not telling.may_be_told(session, occasion):
        return "not_allowed"
    if message.valid_until <= now or not occasions.is_news(session, occasion, now):
        return "stale"
    return None


def _not_yet(session: Session, message: Message, now: datetime) -> datetime | None:
    """Until when a message waits: quiet hours (BR-15), a gateway's pause, the day's budget."""
    awake = end_of_quiet(now)
    if awake > now:
        return awake
    pause = pausing.until(session, message.channel, now)
    if pause is not None:
        return pause
    if KINDS[message.kind].priority >= CAN_WAIT and _sent_today(session, message, now):
        return clock.instant(clock.local_date(now) + timedelta(days=1), 8 * 60)
    return None


def _sent_today(session: Session, message: Message, now: datetime) -> bool:
    """Whether the person has heard enough from us today."""
    midnight = clock.instant(clock.local_date(now), 0)
    count = session.scalar(
        select(func.count(Message.id)).where(
            Message.person_id == message.person_id,
            Message.channel.in_(GATEWAYS),
            Message.sent_at >= midnight,
        )
    )
    return (count or 0) >= MOST_A_DAY


def _link(
    session: Session, message: Message, occasion: Occasion, base_url: str, now: datetime
) -> str:
    """Return the address that the message leads to; an offer's is good for one answer."""
    if message.kind in WITH_LINK and occasion.proposal is not None:
        token = make_link(session, occasion.proposal, now, short=message.channel == "sms")
        return f"{base_url}/a/{token}" if message.channel == "sms" else f"{base_url}/answer/{token}"
    if message.channel == "sms":
        return f"{base_url}/my"
    if occasion.placement is not None and KINDS[message.kind].to == "volunteer":
        return f"{base_url}/my/activities/{occasion.placement.id}"
    return f"{base_url}/my"


def _mail(message: Message, address: str, words: Words, link: str) -> Parcel:
    return Parcel(
        message.ref, address, words.subject, mail_text(words, link), mail_page(words, link)
    )


def _line(message: Message, address: str, words: Words, link: str) -> Parcel:
    return Parcel(message.ref, address, words.subject, chat_text(words, link))


def _sms(message: Message, address: str, words: Words, link: str) -> Parcel:
    return Parcel(message.ref, address, words.subject, sms_text(words, link))


WRITE: Mapping[str, Callable[[Message, str, Words, str], Parcel]] = {
    "mail": _mail,
    "line": _line,
    "sms": _sms,
}


def _sent(session: Session, message: Message, outcome: Sent, now: datetime) -> None:
    pausing.end(session, message.channel)
    dispatching.mark_sent(session, message, now, provider_ref=outcome.provider_ref)


def _later(session: Session, message: Message, outcome: Later, now: datetime) -> None:
    dispatching.note(session, message, "later", now, outcome.reason)
    if message.attempts >= MOST_ATTEMPTS:
        park(session, message, outcome.reason, now)
        return
    dispatching.ask_to_send(session, message, now + pause_after(message.attempts), now)


def _away(session: Session, message: Message, outcome: Away, now: datetime) -> None:
    """The gateway's fault, not the message's: the attempt does not count."""
    message.attempts -= 1
    dispatching.note(session, message, "away", now, outcome.reason)
    until = pausing.begin(session, message.channel, outcome.reason, outcome.pause, now)
    dispatching.ask_to_send(session, message, until, now)


def _refused(session: Session, message: Message, outcome: Refused, now: datetime) -> None:
    dispatching.note(session, message, "refused", now, outcome.reason)
    if not outcome.address:
        park(session, message, outcome.reason, now)
        return
    person = session.get_one(Person, message.person_id)
    not_reached(session, message, person, outcome.reason, now)


SETTLE: Mapping[type[Outcome], Callable[[Session, Message, Any, datetime], None]] = {
    Sent: _sent,
    Later: _later,
    Away: _away,
    Refused: _refused,
}


def not_reached(
    session: Session, message: Message, person: Person, reason: str, now: datetime
) -> None:
    """Mark the address of a message as one that does not work; what is news goes another way.

    Which other gateways are set up is asked again when the next message is made: this one waits
    in the in-box or is told by phone.
    """
    mark_bad(session, person, message.channel, reason, now)
    audit.record(
        session, SYSTEM, now, "address_failed", "person", person.id, channel=message.channel
    )
    occasion = occasions.of_message(session, message)
    if message.valid_until > now and occasions.is_news(session, occasion, now):
        reroute(session, message, occasion, addresses(session, person, ()), now)
    else:
        message.state, message.failure = ("bounced" if message.sent_at else "dropped"), reason
    tasks.open_task(
        session,
        "address_failed",
        ("person", person.id),
        now,
        now,
        area_code=person.area_code,
        message=message.id,
    )


def reroute(
    session: Session, message: Message, occasion: Occasion, usable: Collection[str], now: datetime
) -> None:
    """Send a message another way, because its own is closed; nobody waits in silence."""
    before = message.channel
    channel = choose(message.kind, None, usable, tried=(before,))
    message.attempts, message.sent_at = 0, None
    if channel is None:
        dispatching.drop(session, message, "no_channel", now)
        return
    message.state, message.channel = "waiting", channel
    audit.record(
        session, SYSTEM, now, "message_rerouted", "message", message.id, before=before, to=channel
    )
    dispatching.dispatch(session, message, occasion, now)


def park(session: Session, message: Message, reason: str, now: datetime) -> None:
    """Stop trying, and ask somebody to look."""
    message.state, message.failure = "parked", reason
    occasion = occasions.of_message(session, message)
    audit.record(session, SYSTEM, now, "message_parked", "message", message.id, reason=reason)
    tasks.open_task(
        session,
        "message_parked",
        ("message", message.id),
        now,
        now,
        area_code=occasion.need.area_code,
        owner_id=occasion.need.owner_id,
    )
