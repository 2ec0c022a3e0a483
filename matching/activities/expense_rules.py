"""Rules of what a visit costs: real outlay only, never a fare, cash only when shopping."""

from __future__ import annotations

import math
from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "fuel": "ガソリン代（走った距離）",
    "fare": "バス・電車代",
    "toll": "道路の通行料",
    "parking": "駐車料",
    "materials": "材料費",
}
# BR-22: of a ride only what the law calls real outlay may be paid back.
OF_A_RIDE = frozenset({"fuel", "toll", "parking"})
RIDES = frozenset({"transport"})
# BR-23: only here is a resident's money taken along, with receipt and a line of the ledger.
CASH_FOR = frozenset({"shopping"})
PAYERS: Mapping[str, str] = {"requester": "お願いした方", "centre": "センター"}
STATES: Mapping[str, str] = {
    "claimed": "確認を待っています",
    "approved": "支払いを待っています",
    "returned": "直していただきます",
    "paid": "支払いずみ",
}
TRANSITIONS: Mapping[str, frozenset[str]] = {
    "claimed": frozenset({"approved", "returned"}),
    "returned": frozenset({"claimed"}),
    "approved": frozenset({"paid", "returned"}),
    "paid": frozenset(),
}
MOST_KM = 300
RECEIPT_FROM = frozenset({"toll", "parking", "materials"})


def allowed_kinds(category: str) -> tuple[str, ...]:
    """Return what may be claimed for a kind of help: of a ride no fare-like amount (BR-22)."""
    if category in RIDES:
        return tuple(kind for kind in KINDS if kind in OF_A_RIDE)
    return tuple(KINDS)


def fuel_yen(km: float, yen_per_km: int) -> int:
    """Return the outlay for fuel, whole yen, the fraction in favour of who drove."""
    return math.ceil(round(km * yen_per_km, 6))
