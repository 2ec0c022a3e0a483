"""The part of a request's form that goes onto the intake sheet: who for, wishes, ways to reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _

from matching.catalogue.questions import QUESTION_BY_CODE, Question, questions_for
from matching.cells.dates import read_date
from matching.cells.names import read_name
from matching.cells.phones import read_phone
from matching.cells.times import read_time
from matching.needs.choices import Choice
from matching.needs.sheet import CONSENT_BASES, KNOWS, SheetEntry
from matching.web.forms import Form
from matching.web.readings import ReadField, line, radios, read_reading
from matching.web.registers import gettext, word

WRONG_DATE = _(
    "日付を読み取れませんでした。「2026-12-01」や「令和8年12月1日」のように入力してください。"
)
WRONG_TIME = _("時刻を読み取れませんでした。「9:00」や「午後1時半」のように入力してください。")
WRONG_PHONE = _(
    "電話番号を読み取れませんでした。市外局番から「0191-00-0000」のように入力してください。"
)
NO_WAY = _(
    "電話がないときは、どうすれば連絡がつくかを入力してください。例：となりの方の電話、手紙、窓口に来る"
)
PREFIX = "q-"
LONGEST_ANSWER = 500


def _said(table: Mapping[str, str]) -> Any:
    return lambda: {code: gettext(label) for code, label in table.items()}


def _wished(order: str) -> tuple[ReadField, ReadField, ReadField]:
    return (
        ReadField(order, read_date, WRONG_DATE),
        ReadField(_("何時から"), read_time, WRONG_TIME),
        ReadField(_("何時まで"), read_time, WRONG_TIME),
    )


class SheetFields(Form):
    """Fields that every way of asking for help shares beside the need itself."""

    person_name = ReadField(
        _("困っている方のお名前"), read_name, _("お名前を読み取れませんでした。")
    )
    person_kana = ReadField(
        _("困っている方のふりがな"),
        read_reading,
        _("ふりがなは、かな（カタカナかひらがな）で入力してください。"),
    )
    person_phone = ReadField(_("困っている方の電話番号"), read_phone, WRONG_PHONE)
    person_birth = ReadField(_("困っている方の生年月日"), read_date, WRONG_DATE)
    person_knows = radios(
        _("ご本人は、このお願いを知っていますか"), _said(KNOWS), default="unknown"
    )
    consent_basis = radios(
        _("ご本人の「はい」"),
        _said({k: v for k, v in CONSENT_BASES.items() if k != "self"}),
        default="not_yet",
    )
    other_way = line(_("電話のほかの連絡のとり方"))
    second_date, second_from, second_to = _wished(_("第2希望の日"))
    third_date, third_from, third_to = _wished(_("第3希望の日"))

    # Told by the form that has them.
    requester_relation: Any
    requester_name: Any
    phone: Any
    email: Any
    start_date: Any
    time_from: Any
    time_to: Any

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that somebody can be reached in some way."""
        sound = super().validate(extra_validators)
        if self.phone.errors or self.phone.clean or self.email.clean:
            return bool(sound)
        if (self.phone.data or "").strip() and not (self.other_way.data or "").strip():
            self.other_way.errors = [*self.other_way.errors, str(NO_WAY)]
            return False
        return bool(sound)

    @property
    def apart(self) -> bool:
        """Whether somebody asks for another person who is named."""
        return self.requester_relation.data != "self" and bool(self.person_name.clean)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The wished days in the order of preference."""
        wished = (
            (self.start_date, self.time_from, self.time_to),
            (self.second_date, self.second_from, self.second_to),
            (self.third_date, self.third_from, self.third_to),
        )
        return tuple(
            Choice(day.day, since.minute, until.minute) for day, since, until in wished if day.day
        )

    def sheet(self, category_code: str, *, desk: bool) -> SheetEntry:
        """Return what goes onto the sheet."""
        told = told_for(category_code, self._typed(), desk=desk)
        if way := (self.other_way.data or "").strip():
            told["other_way"] = way
        return SheetEntry(
            caller_relation=self.requester_relation.data if self.apart else None,
            person_knows=self.person_knows.data if self.apart else None,
            consent_basis=self.consent_basis.data if self.apart else "self",
            choices=self.choices if len(self.choices) > 1 else (),
            answers=told,
        )

    def _typed(self) -> Mapping[str, str]:
        return self.answers if self.answers is not None else request.form

    # Answers of a draft; None while they come with the form itself.
    answers: Mapping[str, str] | None = None


def told_for(category_code: str, typed: Mapping[str, str], *, desk: bool) -> dict[str, str]:
    """Return the answers to the questions of a kind of help, by code; the others are left out."""
    asked = questions_for(category_code, desk=desk)
    found = {each.code: _clean(typed.get(PREFIX + each.code, "")) for each in asked}
    return {code: text for code, text in found.items() if text}


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_ANSWER]


def question_rows(
    category_code: str | None, typed: Mapping[str, str], *, desk: bool
) -> list[dict[str, Any]]:
    """Return the questions of a kind of help as the page asks them, with what was typed."""
    return [
        {
            "name": PREFIX + each.code,
            "label": _worded(each),
            "kind": each.kind,
            "value": typed.get(PREFIX + each.code, ""),
            "own": bool(each.categories),
        }
        for each in questions_for(category_code, desk=desk)
    ]


def _worded(question: Question) -> str:
    return word(question)


def told_rows(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return answers as terms and values, in the order in which they were asked."""
    known = [(code, _worded(each)) for code, each in QUESTION_BY_CODE.items() if code in told]
    rows = [(label, _value(told[code])) for code, label in known]
    if "other_way" in told:
        rows.append((gettext("電話のほかの連絡のとり方"), told["other_way"]))
    return rows


def _value(text: str) -> str:
    return str(YES_NO[text]) if text in YES_NO else text


YES_NO = {"yes": _("はい"), "no": _("いいえ"), "unknown": _("わからない")}


def age_on(born: date | None, today: date) -> int | None:
    """Return how old somebody is on a day; None when not known."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
