"""Rules of coordination: states of proposals and placements, and what a confirmation demands."""

from __future__ import annotations

from collections.abc import Mapping

PROPOSAL_STATES: Mapping[str, str] = {
    "suggested": "候補",
    "selected": "選ばれました",
    "contacted": "お願い中",
    "accepted": "引き受け",
    "declined": "都合が合わず",
    "no_response": "返事なし",
    "cancelled": "取りやめ",
    "superseded": "新しい案に更新",
}

PROPOSAL_TRANSITIONS: Mapping[str, frozenset[str]] = {
    "suggested": frozenset({"selected", "contacted", "accepted", "cancelled", "superseded"}),
    "selected": frozenset({"contacted", "accepted", "cancelled", "superseded"}),
    "contacted": frozenset({"accepted", "declined", "no_response", "cancelled"}),
    "accepted": frozenset({"cancelled"}),
    "declined": frozenset(),
    "no_response": frozenset({"accepted", "declined"}),
    "cancelled": frozenset(),
    "superseded": frozenset({"accepted"}),
}

OPEN_PROPOSALS = ("suggested", "selected", "contacted")

PLACEMENT_STATES: Mapping[str, str] = {
    "confirmed": "決定",
    "cancelled": "取りやめ",
    "done": "活動済み",
}

PLACEMENT_TRANSITIONS: Mapping[str, frozenset[str]] = {
    "confirmed": frozenset({"cancelled", "done"}),
    "done": frozenset(),
    "cancelled": frozenset(),
}

RUN_STATES: Mapping[str, str] = {
    "running": "計算中",
    "done": "できあがり",
    "failed": "中断",
}

# No journey between two places takes less (the formula's fixed part), so the database can
# refuse anything closer without knowing the way; the exact way is checked under the lock.
LEAST_TRAVEL_MINUTES = 5

# BR-15: what nobody is asked beyond, whatever their own limits say.
MOST_OPEN_OFFERS = 2
MOST_VISITS_A_WEEK = 4
REST_AFTER_DECLINE = 7  # days in which a declined category rests
