"""The menu: what a reader may open, in groups by the order of a day, with what waits behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _

from matching.kernel.actor import Actor
from matching.kernel.database import db
from matching.kernel.permissions import DESK, may
from matching.people.standstill import is_insider
from matching.web.access import current_actor
from matching.web.office_menu import INSIDERS, OFFICE, Entry, Group
from matching.web.waiting import waiting

VISITORS = (
    Group(
        "",
        (
            Entry("public.read", "/", _("はじめに")),
            Entry("need.file", "/needs/new", _("手伝ってほしい")),
            Entry("volunteer.register", "/register/volunteer", _("手伝いたい")),
            Entry("public.read", "/contact", _("相談先")),
            Entry("account.sign_in", "/login", _("ログイン")),
        ),
    ),
)
MINE = (
    Group(
        "",
        (
            Entry("my.read", "/my", _("わたしのページ")),
            Entry("my.read", "/my/offers", _("お願い")),
            Entry("my.read", "/my/activities", _("活動")),
            Entry("my.read", "/my/availability", _("都合のよい時間")),
            Entry("my.read", "/my/calendar", _("カレンダー")),
            Entry("my.read", "/my/certificates", _("証明書")),
            Entry("my.read", "/my/messages", _("届いたお知らせ")),
            Entry("my.read", "/my/consents", _("わたしの情報")),
        ),
    ),
)
OF_RESIDENTS = ("/my", "/my/messages", "/my/consents")
OF_PEOPLE = ("/my/availability", "/my/certificates", "/my/consents")  # whom the centre knows
ASKING = Entry("need.file", "/needs/new", _("手伝ってほしい"))


def navigation(*, counted: bool = True) -> list[dict[str, Any]]:
    """Return the groups of pages the reader may open; the page being read is marked.

    Where nothing can be `counted`, as on a page that says what went wrong, the database is not
    asked.
    """
    actor = current_actor()
    asks = counted and at_desk(actor)
    told: Mapping[str, int] = waiting(db.session(), actor) if asks else {}
    inside = asks and is_insider(db.session(), actor)
    groups = [(group.title, _open(actor, group, inside)) for group in _menu_of(actor)]
    hrefs = [entry.href for _title, entries in groups for entry in entries]
    here = max((href for href in hrefs if _within(request.path, href)), key=len, default=None)
    return [
        {"title": title, "items": [_item(entry, here, told) for entry in entries]}
        for title, entries in groups
        if entries
    ]


def at_desk(actor: Actor) -> bool:
    """Tell whether somebody works at the desk, where the menu stands beside every page."""
    return not DESK.isdisjoint(actor.roles)


def _menu_of(actor: Actor) -> tuple[Group, ...]:
    if not actor.account_id:
        return VISITORS
    if actor.roles == ("requester",):
        [mine] = MINE
        known = [entry for entry in mine.entries if entry.href in OF_RESIDENTS]
        return (Group("", (known[0], ASKING, *known[1:])),)
    return MINE if set(actor.roles) <= {"volunteer", "requester"} else OFFICE


def _open(actor: Actor, group: Group, inside: bool) -> list[Entry]:
    shut = {entry.href for entry in group.entries if entry.action == INSIDERS and not inside}
    if actor.person_id is None:
        shut.update(OF_PEOPLE)
    return [e for e in group.entries if e.href not in shut and may(actor, e.action)]


def _item(entry: Entry, here: str | None, told: Mapping[str, int]) -> dict[str, Any]:
    return {
        "href": entry.href,
        "label": entry.label,
        "current": entry.href == here,
        "count": sum(told.get(kind, 0) for kind in entry.waiting),
    }


def _within(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href + "/"))
