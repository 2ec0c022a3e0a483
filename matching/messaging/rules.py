"""Rules of messages: kinds, channels and states."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "offer": "お願い",
    "confirmed": "活動が決まりました",
    "waitlisted": "順番をお待ちください",
    "not_needed": "今回は決まりました",
    "report_reminder": "活動の報告をお待ちしています",
    "called_off": "活動は中止になりました",
}

# `web` is the in-box on my page: everybody with an account has it, and it never fails.
CHANNELS = ("web", "mail", "line", "sms", "letter", "phone")

STATES: Mapping[str, str] = {
    "waiting": "送信を待っています",
    "sent": "送りました",
    "failed": "送れませんでした",
    "dropped": "送る必要がなくなりました",
}
