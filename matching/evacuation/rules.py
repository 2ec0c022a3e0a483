"""Rules of the city's list: on what ground it comes, what for it is read, how it ends (BR-33)."""

from __future__ import annotations

from collections.abc import Mapping

BASES: Mapping[str, str] = {
    "disaster": "災害が起きた、または起きるおそれがある（災害対策基本法49条の11第3項）",
    "consent": "ご本人の同意、または条例（同条第2項）",
}
PURPOSES: Mapping[str, str] = {
    "safety": "安否をたしかめる",
    "evacuation": "避難を手伝う",
    "shelter": "避難先でのようすをたしかめる",
}
ENDINGS: Mapping[str, str] = {
    "expired": "期限が来た",
    "over": "災害の体制が終わった",
    "closed": "役目を終えた",
}
MOST_DAYS, MOST_LINES, MOST_LETTERS, SHOWN = 30, 2000, 1000, 200


def lines_of(text: str) -> list[str]:
    """Return the lines of a list as they came, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
