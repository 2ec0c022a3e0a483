"""Rules of a door that stays closed: whom to try next and how soon (BR-27)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple


class Rung(NamedTuple):
    """A step of the ladder: what to do, and how long until the next one is tried."""

    label: str
    wait: timedelta


LADDER: Mapping[str, Rung] = {
    "retry": Rung("もう一度、呼び鈴と電話を試す", timedelta(minutes=15)),
    "family": Rung("近所の方・ご家族に電話する", timedelta(minutes=30)),
    "commissioner": Rung("民生委員に様子を見てもらう", timedelta(minutes=60)),
    "welfare": Rung("地域包括支援センターに知らせる", timedelta(minutes=60)),
    "police": Rung("警察（110）に相談する", timedelta(minutes=60)),
}
ORDER = tuple(LADDER)

FOUND: Mapping[str, str] = {
    "well": "無事を確かめた",
    "out": "留守だった（用事・通院など）",
    "ill": "体調が悪く、医療につないだ",
    "handed_over": "警察・市に引き継いだ",
}


def next_rung(rung: str) -> str:
    """Return the rung after one; the last one stays until somebody knows."""
    return ORDER[min(ORDER.index(rung) + 1, len(ORDER) - 1)]


def rung_due_at(rung: str, since: datetime) -> datetime:
    """Return until when a rung is tried before the next one's turn."""
    return since + LADDER[rung].wait
