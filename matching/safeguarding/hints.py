"""Words that may point at harm, as people say them; they only suggest, a human decides."""

from __future__ import annotations

HINTS: tuple[str, ...] = (
    "叩かれ", "たたかれ", "殴られ", "なぐられ", "蹴られ", "あざ", "アザ", "閉じ込め", "とじこめ",
    "食事をもらえない", "食べさせてもらえ", "ご飯をくれない", "お金を取られ", "年金を取られ",
    "通帳を取られ", "死にたい", "しにたい", "消えたい", "帰りたくない", "怒鳴られ", "どなられ",
    "脅され", "おどされ", "暴力", "虐待", "さわられ", "触られ", "外に出してもらえ",
)  # fmt: skip


def hints_in(text: str) -> tuple[str, ...]:
    """Return the words of a text that may point at harm."""
    return tuple(hint for hint in HINTS if hint in text)
