"""Rules of the notice board: who a notice is for, how long it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.kernel.permissions import DESK

AUDIENCES: Mapping[str, str] = {
    "all": "どなたにも",
    "volunteers": "ボランティアの方",
    "residents": "お願いする方",
    "commissioners": "民生委員・児童委員の方",
    "desk": "窓口の職員",
}
LONGEST = 300
LONGEST_TIME = timedelta(days=366)


NO_AUDIENCE = "だれに見せるかを選んでください。"
NO_AREA = "地域を選んでください。"
NO_TEXT = "文を入力してください。日本語、やさしい日本語、英語の3つがそろうと掲示できます。"
TOO_LONG = "300字までで入力してください。"
WRONG_TIME = "終わりの日は、始まりの日と同じか、後にしてください。"
TOO_LATE = "終わりの日が過ぎています。きょうか、これからの日を選んでください。"
TOO_EARLY = "始まりの日は、1年前より後にしてください。"
TOO_FAR = "掲示は1年までです。終わりの日を近くしてください。"


class NoticeEntry(NamedTuple):
    """What was typed for a notice."""

    audience: str
    area_code: str | None
    starts_on: date
    ends_on: date
    text_ja: str
    text_easy: str
    text_en: str


def check_notice(entry: NoticeEntry, areas: Collection[str], today: date) -> None:
    """Refuse a notice that cannot be put up; raises Invalid."""
    if entry.audience not in AUDIENCES:
        raise Invalid(NO_AUDIENCE, field="audience")
    if entry.area_code is not None and entry.area_code not in areas:
        raise Invalid(NO_AREA, field="area_code")
    for field in ("text_ja", "text_easy", "text_en"):
        if not getattr(entry, field).strip():
            raise Invalid(NO_TEXT, field=field)
        if len(getattr(entry, field)) > LONGEST:
            raise Invalid(TOO_LONG, field=field)
    _check_days(entry.starts_on, entry.ends_on, today)


def _check_days(starts_on: date, ends_on: date, today: date) -> None:
    if today - starts_on > LONGEST_TIME:
        raise Invalid(TOO_EARLY, field="starts_on")
    wrong = {
        WRONG_TIME: ends_on < starts_on,
        TOO_LATE: ends_on < today,
        TOO_FAR: ends_on - today > LONGEST_TIME,
    }
    for sentence, applies in wrong.items():
        if applies:
            raise Invalid(sentence, field="ends_on")


def audiences_of(actor: Actor) -> tuple[str, ...]:
    """Return whose notices a reader sees."""
    held = {
        "volunteers": "volunteer" in actor.roles,
        "residents": "requester" in actor.roles,
        "commissioners": "welfare_commissioner" in actor.roles,
        "desk": not DESK.isdisjoint(actor.roles),
    }
    return ("all", *(code for code, is_held in held.items() if is_held))
