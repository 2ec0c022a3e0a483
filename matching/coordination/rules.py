"""Rules of coordination: states of proposals and placements, and what a confirmation demands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from matching.kernel.clock import TOKYO, local_date
from matching.places.calendar import CLOSES_AT, add_business_days

PROPOSAL_STATES: Mapping[str, str] = {
    "suggested": "候補",
    "selected": "選ばれました",
    "contacted": "お願い中",
    "accepted": "引き受け",
    "waitlisted": "順番待ち",
    "declined": "都合が合わず",
    "no_response": "返事なし",
    "cancelled": "取りやめ",
    "superseded": "新しい案に更新",
}

PROPOSAL_TRANSITIONS: Mapping[str, frozenset[str]] = {
    "suggested": frozenset({"selected", "contacted", "accepted", "cancelled", "superseded"}),
    "selected": frozenset({"contacted", "accepted", "cancelled", "superseded"}),
    "contacted": frozenset({"accepted", "waitlisted", "declined", "no_response", "cancelled"}),
    "waitlisted": frozenset({"accepted", "declined", "cancelled"}),
    "accepted": frozenset({"cancelled"}),
    "declined": frozenset(),
    "no_response": frozenset({"accepted", "waitlisted", "declined"}),
    "cancelled": frozenset(),
    "superseded": frozenset({"accepted"}),
}

OPEN_PROPOSALS = ("suggested", "selected", "contacted")

PLACEMENT_STATES: Mapping[str, str] = {
    "held": "仮決定",
    "confirmed": "決定",
    "cancelled": "取りやめ",
    "done": "活動済み",
}

PLACEMENT_TRANSITIONS: Mapping[str, frozenset[str]] = {
    "held": frozenset({"confirmed", "cancelled"}),
    "confirmed": frozenset({"cancelled", "done"}),
    "done": frozenset(),
    "cancelled": frozenset(),
}

RUN_STATES: Mapping[str, str] = {
    "running": "計算中",
    "done": "できあがり",
    "failed": "中断",
}

RUN_KINDS: Mapping[str, str] = {"full": "全体", "repair": "変わったところだけ"}

# No journey between two places takes less (the formula's fixed part), so the database can
# refuse anything closer without knowing the way; the exact way is checked under the lock.
LEAST_TRAVEL_MINUTES = 5

# BR-15: what nobody is asked beyond, whatever their own limits say.
MOST_OPEN_OFFERS = 2
MOST_VISITS_A_WEEK = 4
REST_AFTER_DECLINE = 7  # days in which a declined category rests

CHANNELS: Mapping[str, str] = {
    "phone": "電話",
    "visit": "対面",
    "mail": "メール",
    "line": "LINE",
    "sms": "ショートメール",
    "letter": "手紙・FAX",
    "web": "わたしのページ",
}
# What leaves by itself; the others are done by a person who then types what was said.
SENT_BY_US = ("mail", "line", "sms", "web")

CONTACT_OUTCOMES: Mapping[str, str] = {
    "sent": "送りました",
    "yes": "引き受ける",
    "no": "都合が合わない",
    "talk": "相談したい",
    "no_answer": "つながらない",
    "message_left": "伝言を残した",
    "told": "伝えました",
}

DECLINE_REASONS: Mapping[str, str] = {
    "date": "日時が合わない",
    "distance": "遠い",
    "content": "内容がむずかしい",
    "health": "体調",
    "family": "家庭の用事",
    "other": "そのほか",
}

# BR-16: business days until a request for help is taken as unanswered, by channel.
ANSWER_DAYS: Mapping[str, int] = {
    "phone": 2,
    "visit": 2,
    "mail": 3,
    "line": 3,
    "sms": 3,
    "web": 3,
    "letter": 5,
}
URGENT_ANSWER = timedelta(hours=4)
# Calls without an answer after which the next person is asked (domain practice, BR-16).
MOST_CALLS = 3


def answer_due_at(channel: str, urgency: str, asked_at: datetime) -> datetime:
    """Return the moment until which an answer is awaited (BR-16): closing time of a working day.

    An emergency waits four hours.
    """
    if urgency == "emergency":
        return asked_at + URGENT_ANSWER
    day = add_business_days(local_date(asked_at), ANSWER_DAYS[channel])
    return datetime.combine(day, CLOSES_AT, TOKYO)
