"""Rules of messages: kinds, channels and states; how long, how often and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import NamedTuple


class Kind(NamedTuple):
    """What a message is about, how soon it leaves when many wait (low first), how long it is news.

    `called` kinds become a phone call where nothing else reaches the person; the others have a
    task of their own already, or can wait until somebody looks. `to` is who is told.
    """

    label: str
    priority: int
    good_for: timedelta
    called: bool = True
    to: str = "volunteer"


DAY = timedelta(days=1)
KINDS: Mapping[str, Kind] = {
    "called_off": Kind("活動は中止になりました", 2, 2 * DAY, called=False),
    "coming_off": Kind("訪問は中止になりました", 2, 2 * DAY, called=False, to="resident"),
    "cancelled": Kind("活動は取りやめになりました", 2, 2 * DAY),
    "changed": Kind("活動の内容が変わりました", 2, 7 * DAY),
    "coming_changed": Kind("訪問の日時が変わりました", 2, 7 * DAY, to="resident"),
    "coming_elsewhere": Kind("訪問の場所が変わりました", 2, 7 * DAY, to="resident"),
    "confirmed": Kind("活動が決まりました", 3, 7 * DAY),
    "coming": Kind("うかがう日が決まりました", 3, 7 * DAY, to="resident"),
    "may_come": Kind(
        "うかがう方について、お返事をお願いします", 3, 3 * DAY, called=False, to="resident"
    ),
    "offer": Kind("お願いできますか", 3, 7 * DAY),
    "visit_reminder": Kind("明日の活動のお知らせ", 3, DAY, called=False),
    "offer_reminder": Kind("お返事をお待ちしています", 4, 2 * DAY, called=False),
    "waitlisted": Kind("順番をお待ちください", 4, 3 * DAY),
    "not_needed": Kind("今回は決まりました", 5, 3 * DAY),
    "thanks": Kind("ありがとうございました", 5, 14 * DAY, called=False),
    "report_reminder": Kind("活動の報告をお待ちしています", 5, 4 * DAY, called=False),
}

# `web` is the in-box on my page: everybody with an account has it, and it never fails.
CHANNELS: Mapping[str, str] = {
    "web": "わたしのページ",
    "mail": "メール",
    "line": "LINE",
    "sms": "ショートメール",
    "letter": "手紙・FAX",
    "phone": "電話",
}
GATEWAYS = ("mail", "line", "sms")  # what a machine hands over; somebody does the rest by hand
BY_HAND = ("letter", "phone")

STATES: Mapping[str, str] = {
    "waiting": "送信を待っています",
    "sent": "送りました",
    "bounced": "届きませんでした",
    "parked": "送れませんでした",
    "dropped": "送る必要がなくなりました",
}

# What was sent comes back to life where its gateway says later that it never arrived.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"waiting", "sent", "parked", "dropped"}),
    "sent": frozenset({"waiting", "bounced"}),
    "parked": frozenset({"waiting", "dropped"}),
    "bounced": frozenset(),
    "dropped": frozenset(),
}

# What is said in sheets and forms of how somebody likes to be reached.
METHODS: Mapping[str, str] = {
    "email": "mail",
    "mail": "mail",
    "line": "line",
    "sms": "sms",
    "web": "web",
    "phone": "phone",
    "fax": "letter",
    "post": "letter",
}
# A short message costs money and shows on a locked screen: only for who asked for it.
USUAL = ("line", "mail", "web")

MOST_A_DAY = 4
CAN_WAIT = 4  # kinds of this priority or more keep to the budget of a day
MOST_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
AWAY_FIRST, AWAY_LONGEST = timedelta(seconds=30), timedelta(minutes=10)

LONGEST_SMS = 70


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after an attempt that failed: a minute, twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)


def away_for(times: int) -> timedelta:
    """Return how long a gateway that does not answer is left alone, after so many times."""
    return min(AWAY_FIRST * (1 << min(times - 1, 20)), AWAY_LONGEST)


def choose(
    kind: str, wanted: str | None, usable: Collection[str], tried: Collection[str] = ()
) -> str | None:
    """Return the channel of a message: the wanted one, else what reaches the person by itself.

    Where nothing does, somebody phones, unless the kind is not worth a call: then None. `tried`
    are the channels that failed for this message.
    """
    named = METHODS.get(wanted or "", wanted)
    if named == "letter" and "letter" not in tried:
        return "letter"
    order = (named, *USUAL) if named != "phone" else ("phone",)
    for channel in order:
        if channel in usable and channel not in tried:
            return channel
    if KINDS[kind].called:
        return "phone"
    return "web" if "web" in usable else None
