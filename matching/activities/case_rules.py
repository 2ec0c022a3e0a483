"""Rules of what goes wrong: accidents, near misses and complaints, their steps and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from matching.activities.rules import same_business_day
from matching.kernel.clock import TOKYO, local_date
from matching.places.calendar import CLOSES_AT, add_business_days

INCIDENT_KINDS: Mapping[str, str] = {
    "accident_injury": "けが・体調の急変",
    "property_damage": "物をこわした",
    "near_miss": "ひやりとしたこと",
    "infection": "感染症",
    "money_or_gift": "お金・物のやりとり",
    "confidentiality_breach": "秘密がもれた",
    "harassment": "いやなことをされた",
    "resident_absent": "訪ねても会えなかった",
    "other": "そのほか",
}
SEVERITIES: Mapping[str, str] = {
    "none": "被害なし",
    "minor": "軽い（手当てで済んだ）",
    "serious": "受診・修理が必要",
    "grave": "入院・重大",
}
COMPLAINT_KINDS: Mapping[str, str] = {
    "complaint_from_requester": "お願いした方から",
    "complaint_from_volunteer": "ボランティアから",
    "complaint_from_family": "ご家族から",
    "complaint_from_neighbour": "近所の方・そのほかの方から",
}

INCIDENT_STATES: Mapping[str, str] = {
    "reported": "知らせを受けました",
    "assessed": "程度をたしかめました",
    "responding": "対応しています",
    "closed": "終わりました",
}
INCIDENT_STEPS: Mapping[str, frozenset[str]] = {
    "reported": frozenset({"assessed"}),
    "assessed": frozenset({"responding", "closed"}),
    "responding": frozenset({"responding", "closed"}),
    "closed": frozenset(),
}
# 受付 → 事実確認 → 説明 → 改善 → 報告
COMPLAINT_STATES: Mapping[str, str] = {
    "received": "受け付けました",
    "checked": "事実をたしかめました",
    "explained": "説明しました",
    "improved": "改めました",
    "closed": "結果を報告しました",
}
COMPLAINT_STEPS: Mapping[str, frozenset[str]] = {
    "received": frozenset({"checked"}),
    "checked": frozenset({"explained"}),
    "explained": frozenset({"improved", "closed"}),
    "improved": frozenset({"closed"}),
    "closed": frozenset(),
}
TOLD: Mapping[str, str] = {
    "insurer": "保険の窓口",
    "family": "ご家族",
    "city": "市の担当課",
    "manager": "センター長",
}

# Business days until the next step, counted from the day a state was reached.
INCIDENT_DAYS: Mapping[str, int] = {"reported": 0, "assessed": 3, "responding": 5}
COMPLAINT_DAYS: Mapping[str, int] = {"received": 3, "checked": 4, "explained": 7, "improved": 5}


def next_step_due_at(days: Mapping[str, int], state: str, at: datetime) -> datetime | None:
    """Return until when the step after a state is to be taken; None when nothing follows."""
    if state not in days:
        return None
    if not days[state]:
        return same_business_day(at)
    return datetime.combine(add_business_days(local_date(at), days[state]), CLOSES_AT, TOKYO)


def insurer_must_hear(kind: str, severity: str) -> bool:
    """Tell whether an accident is one for the insurance: somebody or something came to harm."""
    return kind in {"accident_injury", "property_damage", "infection"} and severity != "none"
