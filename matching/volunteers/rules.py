"""Rules of volunteering: states and who may be asked."""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "applicant": "申込み",
    "interviewed": "面談済み",
    "active": "活動中",
    "paused": "休止中",
    "withdrawn": "退会",
    "suspended": "停止",
}

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "applicant": frozenset({"interviewed", "active", "withdrawn"}),
    "interviewed": frozenset({"active", "withdrawn"}),
    "active": frozenset({"paused", "withdrawn", "suspended"}),
    "paused": frozenset({"active", "withdrawn", "suspended"}),
    "suspended": frozenset({"active", "withdrawn"}),
    "withdrawn": frozenset({"applicant"}),
}
