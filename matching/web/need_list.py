"""All needs in a list that can be narrowed: by words, state, area, kind and urgency."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_
from werkzeug.datastructures import MultiDict

from matching.catalogue.reference import CATEGORIES
from matching.coordination.finding import needs_holding, words_of
from matching.kernel.actor import Actor
from matching.kernel.database import db
from matching.kernel.permissions import may
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import count, list_first
from matching.needs.rules import OPEN, PLANNED, PREVIEWED, STATES
from matching.people.standstill import hidden_from
from matching.places.reference import AREA_BY_CODE
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.colleagues import colleagues
from matching.web.need_lines import URGENCY, need_line
from matching.web.registers import gettext, place

pages = Blueprint("need_list", __name__)

PAGE = 50
MOST_PAGES = 10_000
BUNDLES = {
    "open": (_("動いているもの"), OPEN),
    "untriaged": (_("見立てを待っているもの"), PREVIEWED),
    "searching": (_("手伝う人をさがしているもの"), PLANNED),
    "all": (_("すべて"), tuple(STATES)),
}


class Wanted(NamedTuple):
    """What the list is narrowed to; an empty word narrows nothing."""

    q: str
    state: str
    area: str
    category: str
    urgency: str

    def told(self) -> dict[str, str]:
        """Return what is asked for by name, as an address says it."""
        return {name: value for name, value in self._asdict().items() if value}

    def href(self, page: int = 1) -> str:
        """Return the address of a page of this list."""
        return "/desk/needs?" + urlencode(self.told() | ({"page": str(page)} if page > 1 else {}))


@pages.get("/desk/needs")
@access("need.read")
def show() -> str:
    """Show the needs within reach, what cannot wait first."""
    session, actor, wanted = db.session(), current_actor(), wanted_of(request.args)
    page = min(max(request.args.get("page", 1, int), 1), MOST_PAGES)
    chosen = narrowed(actor, wanted)
    total = count(session, chosen)
    needs = list_first(session, chosen, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "desk/need_list.html",
        rows=[need_line(need) | {"state": gettext(STATES[need.state])} for need in needs],
        total=total,
        first=(page - 1) * PAGE + 1,
        wanted=wanted,
        me=actor.account_id,
        colleagues=colleagues(session) if may(actor, "need.triage") else {},
        filters=_filters(wanted),
        previous_href=wanted.href(page - 1) if page > 1 else None,
        next_href=wanted.href(page + 1) if page * PAGE < total else None,
    )


def wanted_of(typed: MultiDict[str, str]) -> Wanted:
    """Read what a list is narrowed to; what nobody knows narrows nothing."""

    def one_of(name: str, known: Any, otherwise: str = "") -> str:
        told = typed.get(name, "")
        return told if told in known else otherwise

    return Wanted(
        words_of(typed.get("q", "")),
        one_of("state", {*STATES, *BUNDLES}, "open"),
        one_of("area", AREA_BY_CODE),
        one_of("category", {kind.code for kind in CATEGORIES}),
        one_of("urgency", URGENCY),
    )


def narrowed(actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """Limit the needs; those held for safety are left out, so that no filter tells of them."""
    states = BUNDLES[wanted.state][1] if wanted.state in BUNDLES else (wanted.state,)
    held = Need.requester_id.not_in(hidden_from(actor))
    found = [visible(Need, actor, "need.read"), held, Need.state.in_(states)]
    if wanted.q:
        found.append(needs_holding(actor, wanted.q))
    narrow = {
        Need.area_code: wanted.area,
        Need.category_code: wanted.category,
        Need.urgency: wanted.urgency,
    }
    return and_(*found, *(column == value for column, value in narrow.items() if value))


def _filters(wanted: Wanted) -> list[dict[str, Any]]:
    """Return the select boxes with their choices."""
    states = {code: text for code, (text, _states) in BUNDLES.items()} | dict(STATES)
    areas = {code: place(area.name) for code, area in AREA_BY_CODE.items()}
    kinds = {kind.code: wording.category(kind.code) for kind in CATEGORIES}
    urgencies = {code: str(each["label"]) for code, each in URGENCY.items()}
    every = {"": gettext("すべて")}
    known = (
        ("state", _("状態"), {code: gettext(text) for code, text in states.items()}),
        ("area", _("地域"), every | areas),
        ("category", _("内容"), every | kinds),
        ("urgency", _("緊急度"), every | urgencies),
    )
    return [
        {"name": name, "label": label, "choices": choices, "value": getattr(wanted, name)}
        for name, label, choices in known
    ]
