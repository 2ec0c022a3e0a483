"""What is said in each kind of message, in one place; Japanese here, the rest in the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

CENTRE = "一関市ボランティアセンター"
PHONE = "0191-00-0001"
HOURS = "月〜金 8:30〜17:15"


class Template(NamedTuple):
    """The words of one kind: a subject, sentences, and what the link is for.

    `short` goes to a locked screen or a short message: no facts at all. Facts (kind of help, part
    of town, times) follow the sentences where `facts` says so; nothing else is ever filled in.
    """

    subject: str
    lines: tuple[str, ...]
    short: str
    link: str = "くわしくは、次のページをご覧ください。"
    facts: bool = True


TEMPLATES: Mapping[str, Template] = {
    "offer": Template(
        "お願いできますか",
        (
            "お願いできる方をさがしています。ご都合はいかがでしょうか。",
            "むずかしいときも、どうぞ遠慮なくお知らせください。",
        ),
        "お願いしたいことがあります。",
        "次のページで、お返事をお願いします。",
    ),
    "offer_reminder": Template(
        "お返事をお待ちしています",
        (
            "先日のお願いについて、お返事をお待ちしています。むずかしいときも、一言お知らせください。",
        ),
        "お返事をお待ちしています。",
        "次のページで、お返事をお願いします。",
    ),
    "confirmed": Template(
        "活動が決まりました",
        (
            "引き受けてくださり、ありがとうございます。活動が決まりました。",
            "うかがう先は、わたしのページで見られます。電話でもお伝えします。",
        ),
        "活動が決まりました。",
    ),
    "changed": Template(
        "活動の内容が変わりました",
        ("決まっていた活動の内容が変わりました。新しい内容をお確かめください。",),
        "活動の内容が変わりました。",
        "次のページで、行けるかどうかをお知らせください。",
    ),
    "coming_changed": Template(
        "訪問の日時が変わりました",
        (
            "お願いされたことについて、うかがう日時が変わりました。ご都合が悪いときは、お電話ください。",
        ),
        "うかがう日時が変わりました。",
    ),
    "coming_elsewhere": Template(
        "訪問の場所が変わりました",
        (
            "お願いされたことについて、うかがう場所が変わりました。思っていた場所とちがうときは、お電話ください。",
        ),
        "うかがう場所が変わりました。",
    ),
    "cancelled": Template(
        "活動は取りやめになりました",
        ("決まっていた活動は、取りやめになりました。うかがう必要はありません。",),
        "活動が取りやめになりました。",
    ),
    "called_off": Template(
        "活動は中止になりました",
        ("この活動は中止になりました。うかがう必要はありません。",),
        "活動は中止になりました。",
    ),
    "coming": Template(
        "うかがう日が決まりました",
        ("お願いされたことについて、うかがう日が決まりました。",),
        "うかがう日が決まりました。",
    ),
    "may_come": Template(
        "うかがう方が見つかりました",
        (
            "お願いされたことについて、うかがえる方が見つかりました。",
            "わたしのページで、この方でよいかどうかをお知らせください。お電話でもかまいません。",
        ),
        "お返事をお願いします。",
        "次のページで、お返事をお願いします。",
    ),
    "coming_off": Template(
        "訪問は中止になりました",
        ("この日の訪問は中止になりました。次の日を、センターからご相談します。",),
        "訪問は中止になりました。",
    ),
    "visit_reminder": Template(
        "明日の活動のお知らせ",
        ("明日の活動のお知らせです。行けなくなったときは、すぐにお電話ください。",),
        "明日は活動の日です。",
    ),
    "waitlisted": Template(
        "順番をお待ちください",
        (
            "お返事をありがとうございます。今回は先に決まりました。",
            "取りやめが出たときは、まっさきにお知らせします。",
        ),
        "お返事をありがとうございました。",
    ),
    "not_needed": Template(
        "今回は決まりました",
        (
            "お願いしていた件は、決まりました。お気持ちをありがとうございます。",
            "またの機会に、どうぞよろしくお願いします。",
        ),
        "お願いしていた件は決まりました。",
        facts=False,
    ),
    "thanks": Template(
        "ありがとうございました",
        (
            "お手伝いいただいた件が、終わりました。これまでの活動を、ありがとうございました。",
            "活動の証明書は、わたしのページで作れます。",
        ),
        "活動をありがとうございました。",
        facts=False,
    ),
    "report_reminder": Template(
        "活動の報告をお待ちしています",
        ("活動をありがとうございました。報告がまだのようです。短くてかまいません。",),
        "活動の報告をお待ちしています。",
        "次のページから、3回押すだけで報告できます。",
    ),
}

GREETING = "%(name)s 様"
FROM_CENTRE = "一関市ボランティアセンターです。"
SHORT_FROM = "ボランティアセンターです。"
WHAT, WHERE, WHEN, UNTIL = "内容", "ばしょ", "日時", "お返事の期限"
NEAR = "%(where)sのあたり"
FACT = "%(label)s：%(value)s"
BY_PHONE = "電話でも受け付けます：%(phone)s（%(hours)s）"
NO_ANSWER = "このメールには返信できません。"
MY_PAGE = "わたしのページをご覧ください。"
UNKNOWN_PLACE = "市外・不明"
