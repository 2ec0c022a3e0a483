"""Which of the plan's proposals may be decided together without looking at each (BR-03, 08, 09)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CLEAR_MARGIN = 30
"""Points by which somebody must lead the next person who could come instead."""

LOOK_AT: Mapping[str, str] = {
    "doubt": "まだ聞いていないことがあります",
    "close": "次の方との差がわずかです",
    "first_risky": "気をつける活動の、この方への初めての訪問です（二人以上で行きます）",
    "first_home": "ご自宅での活動が初めての方です（二人以上で行きます）",
    "minor": "未成年の方です",
    "consent": "名前や住所を伝える同意が、まだありません",
    "urgent": "緊急の困りごとです",
    "changed": "調整案のあとで、内容が変わりました",
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one proposal when somebody would decide it without a closer look."""

    doubts: int
    score: int
    next_score: int | None
    held: bool
    risk: str
    in_home: bool
    visits_here: int
    visits_anywhere: int
    minor: bool
    shares: bool
    urgency: str
    current: bool


def look_at(facts: Facts) -> tuple[str, ...]:
    """Return why a proposal wants a closer look, as codes of LOOK_AT; none when it is safe.

    Somebody whom a coordinator holds has been looked at beside the next person already.
    """
    near = facts.next_score is not None and facts.score - facts.next_score < CLEAR_MARGIN
    checks = {
        "doubt": facts.doubts > 0,
        "close": near and not facts.held,
        "first_risky": facts.risk == "R3" and not facts.visits_here,
        "first_home": facts.in_home and not facts.visits_anywhere,
        "minor": facts.minor,
        "consent": not facts.shares,
        "urgent": facts.urgency == "emergency",
        "changed": not facts.current,
    }
    return tuple(code for code, wanted in checks.items() if wanted)
