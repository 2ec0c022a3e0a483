"""The menu of those who work for the centre, in groups by the order of a day."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from matching.web.waiting import EVERY_TASK, UNTRIAGED

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
            Entry("activity.read", "/desk/hours", _("月ごとの活動の時間")),
            Entry("expense.read", "/desk/expenses", _("活動の費用"), ("expense",)),
        ),
    ),
    Group(_("担当"), (Entry("commissioner.read", "/commissioner", _("担当地区")),)),
    Group(_("窓口・団体"), (Entry("partner.read", "/partner", _("届いたご相談と活動")),)),
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
            Entry("evacuation.read", "/desk/evacuation", _("災害のときの市の名簿")),
            Entry("weights.read", "/admin/weights", _("点数の重み")),
            Entry("account.list", "/admin/accounts", _("アカウント")),
            Entry("admin.read", "/admin", _("管理")),
            Entry("audit.read", "/admin/audit", _("操作の記録")),
        ),
    ),
    Group(_("わたし"), (Entry("my.read", "/my", _("わたしのページ")),)),
)
