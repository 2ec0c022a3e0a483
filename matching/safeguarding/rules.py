"""Rules of safeguarding: whom to turn to, in which order, states of a concern."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

ACKNOWLEDGE_WITHIN = timedelta(minutes=30)
LONGEST = 4000
LEAST_SHOWN = 5  # statistics tell no smaller number

STATES: Mapping[str, str] = {
    "reported": "知らせあり",
    "acknowledged": "確認中",
    "closed": "終わり",
}

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "reported": frozenset({"acknowledged"}),
    "acknowledged": frozenset({"acknowledged", "closed"}),
    "closed": frozenset(),
}

TARGETS: Mapping[str, str] = {
    "elderly": "高齢の方",
    "child": "子ども",
    "disability": "障がいのある方",
    "partner": "配偶者や恋人からの暴力",
    "suicide": "死にたい気持ちがある方",
    "consumer": "だましや契約の被害",
    "other": "そのほか・わからない",
}

# Desks of the referral master to turn to, the first for life in danger.
DESKS: Mapping[str, tuple[str, ...]] = {
    "elderly": ("city_elderly", "community_general_support"),
    "child": ("child_guidance", "child_family_center"),
    "disability": ("disability_abuse", "disability_consult"),
    "partner": ("dv_center", "police_110"),
    "suicide": ("suicide_line", "health_center"),
    "consumer": ("consumer_center", "police_110"),
    "other": ("community_general_support", "city_welfare"),
}
IN_DANGER = ("police_110", "fire_119")

PARTS: Mapping[str, str] = {
    "resident": "心配な方",
    "household": "同じ世帯の方",
    "suspected": "関わりが疑われる方",
}

METHODS: Mapping[str, str] = {
    "phone": "電話",
    "visit": "訪問・来所",
    "paper": "書面・FAX",
    "other": "そのほか",
}

DECISIONS: Mapping[str, str] = {
    "continue": "止めたまま対応を続ける",
    "release": "止めていたものを再開する",
}
