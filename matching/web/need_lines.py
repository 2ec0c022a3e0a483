"""A need in one line of a list: what, for whom, where, by when, whose."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from matching.kernel import clock
from matching.needs.models import Need
from matching.places.reference import AREA_BY_CODE
from matching.web import wording
from matching.web.registers import gettext, place
from matching.web.surroundings import short_day

URGENCY = {
    "emergency": {"label": _("至急"), "tone": "danger", "icon": "shield-alert"},
    "high": {"label": _("急ぎ"), "tone": "warning", "icon": "triangle-alert"},
    "normal": {"label": _("ふつう"), "tone": "info", "icon": "clock"},
    "low": {"label": _("急がない"), "tone": "neutral", "icon": "circle-dashed"},
}


def need_line(need: Need) -> dict[str, Any]:
    """Return what a list tells of a need."""
    area = AREA_BY_CODE.get(need.area_code or "")
    due = need.next_action_on or need.decide_by_on
    return {
        "reference": need.reference,
        "urgency": URGENCY[need.urgency],
        "title": gettext(
            "%(what)s　%(name)sさん",
            what=wording.category(need.category_code),
            name=need.requester.name,
        ),
        "href": f"/desk/needs/{need.reference}",
        "area": place(area.name) if area else gettext("市外・不明"),
        "deadline": short_day(due) if due else gettext("決めていません"),
        "deadline_iso": due.isoformat() if due else None,
        "overdue": bool(due and due < clock.today()),
        "owner": gettext("担当あり") if need.owner_id else gettext("まだいません"),
        "next_action": gettext(need.next_action or "手伝う人を決める"),
        "note": need.title,
    }


def paused_line(need: Need) -> dict[str, Any]:
    """What everybody else may know of a need while safety is looked into: that it is in hand."""
    area = AREA_BY_CODE.get(need.area_code or "")
    return {
        "reference": need.reference,
        "urgency": URGENCY["normal"],
        "title": gettext("調整中　%(number)s", number=need.reference),
        "href": f"/desk/needs/{need.reference}",
        "area": place(area.name) if area else gettext("市外・不明"),
        "deadline": gettext("決めていません"),
        "deadline_iso": None,
        "overdue": False,
        "owner": gettext("担当あり"),
        "next_action": gettext("担当者が調整しています"),
        "note": "",
    }
