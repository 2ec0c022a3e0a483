"""The menu: what a reader may open, in groups by the order of a day, with what waits behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from matching.kernel.actor import Actor
from matching.kernel.database import db
from matching.kernel.permissions import DESK, may
from matching.people.standstill import is_insider
from matching.web.access import current_actor
from matching.web.waiting import EVERY_TASK, UNTRIAGED, waiting

INSIDERS = "safeguarding.read"  # and then only managers and those they named


class Entry(NamedTuple):
    """One page of the menu: the action it asks for, and the kinds of tasks that wait there."""

    action: str
    href: str
    label: Any
    waiting: tuple[str, ...] = ()


class Group(NamedTuple):
    """Entries under one heading."""

    title: Any
    entries: tuple[Entry, ...]


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
OFFICE = (
    Group(
        _("毎日"),
        (
            Entry("desk.read", "/desk", _("今日の仕事"), (EVERY_TASK,)),
            Entry(
                "activity.read", "/desk/activities", _("活動予定"), ("not_started", "not_returned")
            ),
            Entry("activity.call_off", "/desk/weather", _("天候で中止する")),
            Entry(INSIDERS, "/desk/safeguarding", _("気になる知らせ"), ("concern",)),
        ),
    ),
    Group(
        _("困りごと"),
        (
            Entry("need.intake", "/desk/intake", _("受け付ける")),
            Entry("need.read", "/desk/needs", _("困りごとの一覧"), (UNTRIAGED,)),
            Entry("need.intake", "/desk/paper", _("紙の申込書")),
            Entry("plan.read", "/desk/plan", _("調整案")),
            Entry("plan.read", "/desk/plan/week", _("一週間の表")),
        ),
    ),
    Group(
        pgettext("list", "ボランティア"),
        (
            Entry("volunteer.read", "/desk/volunteers", _("登録者の一覧"), ("registration",)),
            Entry(
                *("volunteer.renew", "/desk/renewals", _("登録・保険の更新")),
                ("renewal", "qualification", "insure"),
            ),
            Entry("fairness.read", "/desk/fairness", _("公平さ")),
        ),
    ),
    Group(
        _("活動のあと"),
        (
            Entry(
                *("follow_up.read", "/desk/follow-ups", _("その後の確認")),
                ("follow_up", "closing", "placement_review"),
            ),
            Entry("case.read", "/desk/incidents", _("事故・ひやり"), ("incident",)),
            Entry("case.read", "/desk/complaints", _("苦情"), ("complaint",)),
            Entry("expense.read", "/desk/expenses", _("活動の費用"), ("expense",)),
        ),
    ),
    Group(_("担当"), (Entry("commissioner.read", "/commissioner", _("担当地区")),)),
    Group(
        _("まとめと設定"),
        (
            Entry("report.read", "/reports", _("統計")),
            Entry(
                *("message.manage", "/admin/messages", _("お知らせ")),
                ("message_parked", "address_failed"),
            ),
            Entry("notice.manage", "/admin/notices", _("ページへの掲示")),
            Entry("mode.switch", "/admin/mode", _("体制の切りかえ")),
            Entry("weights.read", "/admin/weights", _("点数の重み")),
            Entry("account.list", "/admin/accounts", _("アカウント")),
            Entry("admin.read", "/admin", _("管理")),
            Entry("audit.read", "/admin/audit", _("操作の記録")),
        ),
    ),
    Group(_("わたし"), (Entry("my.read", "/my", _("わたしのページ")),)),
)
MINE = (
    Group(
        "",
        (
            Entry("my.read", "/my", _("わたしのページ")),
            Entry("my.read", "/my/offers", _("お願い")),
            Entry("my.read", "/my/activities", _("活動")),
            Entry("my.read", "/my/availability", _("都合")),
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
