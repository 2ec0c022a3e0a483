"""What each kind of message would say, with invented facts, for staff to look over."""

from __future__ import annotations

from datetime import date
from typing import Any

from matching.messaging.registers import LOCALES, day_in, place_in
from matching.messaging.rules import KINDS
from matching.messaging.templates import UNKNOWN_PLACE
from matching.messaging.words import Facts, chat_text, mail_text, sms_text, words_of

EXAMPLE_DAY = date(2026, 12, 1)
LINK = "https://musubi.example.jp/answer/…"
SHORT_LINK = "https://musubi.example.jp/a/…"
NAMES = {"ja": "見本 花子", "ja-easy": "見本（みほん） 花子（はなこ）", "en": "Hanako Mihon"}
WHAT = {"ja": "買い物", "ja-easy": "買（か）い物（もの）", "en": "Shopping"}
REGISTERS = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English"}


def all_kinds() -> list[dict[str, Any]]:
    """Return every kind with its words in every register: as mail, on LINE, as short message."""
    return [
        {
            "code": code,
            "label": kind.label,
            "resident": kind.to == "resident",
            "registers": [_written(code, register) for register in LOCALES],
        }
        for code, kind in KINDS.items()
    ]


def _written(kind: str, register: str) -> dict[str, str]:
    day = day_in(register, EXAMPLE_DAY)
    facts = Facts(
        name=NAMES[register],
        what=WHAT[register],
        where=""
        if KINDS[kind].to == "resident"
        else place_in(register, ["yamanome"], UNKNOWN_PLACE),
        visits=(f"{day} 9:00–10:00",),
        until=f"{day} 17:15" if kind in {"offer", "offer_reminder"} else "",
    )
    words = words_of(kind, facts, register)
    return {
        "register": REGISTERS[register],
        "lang": "en" if register == "en" else "ja",
        "subject": words.subject,
        "mail": mail_text(words, LINK),
        "line": chat_text(words, LINK),
        "sms": sms_text(words, SHORT_LINK),
    }
