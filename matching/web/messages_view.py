"""How messages are shown to staff: who was told what, by which way, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.messaging import queries
from matching.messaging.models import Message
from matching.messaging.rules import CHANNELS, KINDS, STATES
from matching.people.models import Person
from matching.web.registers import gettext
from matching.web.surroundings import moment

TONES = {"waiting": "waiting", "sent": "done", "bounced": "warning", "parked": "danger"}
BY_HAND_STATE = _("職員が伝えます")
TOLD = {"phone": _("電話で伝えました"), "letter": _("手紙・FAXを送りました")}

REASONS: Mapping[str, str] = {
    "stale": _("内容が変わったか、期限が過ぎました"),
    "not_allowed": _("連絡を止めているか、同意がありません"),
    "no_channel": _("届ける方法がありません（急ぎではないため、電話もしません）"),
    "by_staff": _("職員が、伝えなくてよいとしました"),
    "lost": _("何度も途中で止まりました"),
    "sms_failed": _("ショートメールが届きませんでした"),
}
OUTCOMES: Mapping[str, str] = {
    "begun": _("送りはじめました"),
    "sent": _("相手のサーバーに渡しました"),
    "later": _("受け取ってもらえず、あとでもう一度送ります"),
    "refused": _("受け取りを拒まれました"),
    "away": _("送り先のサーバーにつながりません"),
    "bounced": _("届かないという知らせが来ました"),
    "delivered": _("届きました"),
    "by_hand": _("職員が伝えました"),
}


def message_lines(session: Session, found: Sequence[Message]) -> list[dict[str, Any]]:
    """Return messages with the names of who is told."""
    people = {message.person_id for message in found}
    names = {
        row[0]: row[1]
        for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    }
    return [message_line(message, names[message.person_id]) for message in found]


def message_line(message: Message, name: str) -> dict[str, Any]:
    """Return one message in words."""
    return {
        "id": message.id,
        "person": name,
        "kind": gettext(KINDS[message.kind].label),
        "channel": gettext(CHANNELS[message.channel]),
        "state": _state(message),
        "tone": TONES.get(message.state, "neutral"),
        "at": moment(message.sent_at or message.due_at),
        "reason": reason(message.failure),
        "attempts": message.attempts,
        "read": message.read_at is not None,
        "parked": message.state == "parked",
    }


def _state(message: Message) -> str:
    if message.channel in TOLD:
        if message.state == "waiting":
            return str(BY_HAND_STATE)
        if message.state == "sent":
            return str(TOLD[message.channel])
    return gettext(STATES[message.state])


def reason(code: str | None) -> str:
    """Write why something did not leave; what a server said is shown as it is."""
    if not code:
        return ""
    known = REASONS.get(code)
    return str(known) if known else gettext("相手のサーバーの返事：%(code)s", code=code)


def attempt_lines(session: Session, number: int) -> list[dict[str, str]]:
    """Return what was tried for a message, one line each."""
    return [
        {
            "at": moment(each.happened_at),
            "channel": gettext(CHANNELS[each.channel]),
            "what": str(OUTCOMES[each.outcome]),
            "detail": each.detail or "",
        }
        for each in queries.attempts_of(session, [number])
    ]
