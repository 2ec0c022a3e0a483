"""Plain words for the planner's codes: what shuts somebody out, what would open it, what counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from matching.catalogue.reference import CATEGORY_BY_CODE, SKILL_BY_CODE
from matching.web.registers import gettext, word

# gate -> (what shuts people out, what would open it)
GATES: Mapping[str, tuple[str, str]] = {
    "not_active": (_("いまは活動を休んでいる"), _("再開の連絡があれば候補になります。")),
    "category_not_wanted": (
        _("希望する活動にない"),
        _("ほかの活動の人にも、電話で聞いてみることはできます。"),
    ),
    "skill_missing": (
        _("必要な資格・技能がない"),
        _("資格の条件をゆるめるか、講習を案内すると広がります。"),
    ),
    "no_car": (_("車がない"), _("送り迎えを用意するか、「車が必要」を外すと広がります。")),
    "gender": (
        _("性別の希望に合わない"),
        _("依頼した方に、希望をゆるめられるか聞いてみてください。"),
    ),
    "too_far": (_("活動範囲より遠い"), _("範囲を少し広げられるか、本人に聞いてみてください。")),
    "not_available": (_("希望の日時に空いていない"), _("日や時間帯を広げると候補が増えます。")),
    "no_coordinates": (
        _("住所の場所がわからない"),
        _("住所か地区を登録すると、距離を計算できます。"),
    ),
    "notice": (_("連絡から活動までの日数が足りない"), _("日を先にすると候補になります。")),
    "hours_limit": (_("月の上限時間をこえる"), _("来月の日を選ぶと候補になります。")),
    "own_limits": (
        _("お願いが重なっている"),
        _("ほかのお願いの返事を待つか、日をあけてください。"),
    ),
    "blocked": (_("組み合わせない登録がある"), _("職員だけが理由を見られます。")),
    "forbidden": (
        _("調整案から外した組み合わせ"),
        _("困りごとの画面で「外したのを取り消す」と、また候補になります。"),
    ),
    "minor": (_("未成年の決まりに合わない"), _("保護者の同意と、二人以上での活動が必要です。")),
    "qualification": (
        _("資格の確認がまだ、または期限切れ"),
        _("証書を確認して登録すると候補になります。"),
    ),
    "consent": (_("同意が確認できていない"), _("本人の同意を確認して記録してください。")),
    "insurance": (_("活動保険が間に合わない"), _("加入の翌日から活動できます。")),
    "time_conflict": (_("別の活動が決まっている"), _("時間をずらすと候補になります。")),
}

FACTORS: Mapping[str, str] = {
    "availability": _("日時の余裕"),
    "distance": _("近さ"),
    "interest_skill": _("希望・技能"),
    "continuity": _("前からのなじみ"),
    "fairness": _("負担の公平さ"),
    "reporting": _("報告の確かさ"),
    "shared": _("共通の話題"),
    "wishes": _("依頼者の希望"),
    "newcomer": _("新しい人に機会を"),
}

DOUBTS: Mapping[str, str] = {
    "insurance_to_buy": _("活動日までに保険の加入が必要です。"),
    "distance_limit_unknown": _("どこまで行けるか、まだ聞いていません。"),
    "transport_unknown": _("行く方法を、まだ聞いていません。"),
    "never_offered": _("この90日間、お願いしたことがありません。"),
}

TRIAGE = {
    "accept": _("受ける（手伝う人をさがす）"),
    "accept_with_conditions": _("条件をつけて引き受け、手伝う人をさがす"),
    "accept_and_refer": _("引き受けて、ほかの窓口へもつなぐ"),
    "refer": _("ほかの窓口へつなぐ"),
    "hold": _("保留する"),
    "decline": _("お受けできない"),
    "duplicate": _("重複している"),
    "withdraw": _("取り下げ（もう必要ないと言われた）"),
}

UNPLACED: Mapping[str, str] = {
    "no_eligible": _("条件に合う人がいません"),
    "all_busy": _("合う人はいますが、ほかの活動と重なっています"),
    "hours": _("合う人はいますが、月の上限時間をこえます"),
    "below_minimum": _("必要な最少人数がそろいません"),
}


def outcomes() -> dict[str, str]:
    """Return what can become of a need, by code."""
    return {code: str(label) for code, label in TRIAGE.items()}


def category(code: str) -> str:
    """Return the label of a category."""
    known = CATEGORY_BY_CODE.get(code)
    return word(known) if known else code


def skill(code: str) -> str:
    """Return the label of a skill."""
    known = SKILL_BY_CODE.get(code)
    return word(known) if known else code


def told(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts of a gate with the codes of skills and categories in words."""
    found = dict(facts)
    if "missing" in found:
        found["missing"] = [skill(str(code)) for code in _codes(found["missing"])]
    if "wanted" in found:
        found["wanted"] = [category(str(code)) for code in _codes(found["wanted"])]
    if "until" in found:
        found["until"] = [(skill(str(code)), until) for code, until in _codes(found["until"])]
    return found


def _codes(value: object) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else ()


def gate_lines(excluded: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the gates that shut people out, in the planner's order, with what would open them."""
    return [
        {
            "code": code,
            "label": label,
            "count": excluded[code],
            "opens": opens,
            "people": [],
        }
        for code, (label, opens) in GATES.items()
        if excluded.get(code)
    ]


def factor_lines(factors: Mapping[str, int], points: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the parts of a score with the most that each could give."""
    return [
        {
            "label": label,
            "points": factors.get(code, 0),
            "of": points[code],
            "word": _word(factors.get(code, 0), points[code]),
        }
        for code, label in FACTORS.items()
    ]


def _word(points: int, most: int) -> str:
    share = points / most if most else 0
    if share >= 0.8:
        return gettext("とても良い")
    if share >= 0.5:
        return gettext("良い")
    return gettext("少し") if points else gettext("なし")


def span(start: int, end: int) -> str:
    """Write two times of a day, in minutes past midnight, as 9:30〜10:30."""
    return gettext("%(start)s〜%(end)s", start=hhmm(start), end=hhmm(end))


def hhmm(minutes: int) -> str:
    """Write minutes past midnight as 9:30."""
    return f"{minutes // 60}:{minutes % 60:02d}"
