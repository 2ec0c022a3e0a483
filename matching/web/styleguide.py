"""The living style guide: every component in every state."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from wtforms import DateField, FileField, TelField, TimeField
from wtforms.validators import InputRequired, Optional

from matching.catalogue.reference import CATEGORIES
from matching.web.access import access
from matching.web.forms import Form
from matching.web.readings import Ticks, choices, line, lines, pick, radios, tick

pages = Blueprint("styleguide", __name__)


class SampleForm(Form):
    """One field of each kind."""

    name = line("お名前", required="お名前を入力してください。")
    tel = TelField("電話番号", [InputRequired("電話番号を入力してください。")])
    day = DateField("希望の日", [Optional()])
    time = TimeField("はじまりの時刻", [Optional()])
    what = lines(
        "お困りのこと", required="お困りのことを、ひとことで結構ですので入力してください。"
    )
    area = pick("地域", {"": "選んでください", "hanaizumi": "花泉", "senmaya": "千厩"})
    who = radios("どなたのことですか", {"self": "わたしのこと", "family": "家族のこと"})
    days = Ticks("都合のよい曜日", {"0": "月", "1": "火", "2": "水"})
    agree = tick("手伝う人に、電話番号を伝えてよい", required="同意がなければ伝えません。")
    photo = FileField("写真")


class CardForm(Form):
    """Pictured choices."""

    kind = radios("どんなことですか", choices(CATEGORIES[:6]), default="snow_removal")


@pages.get("/styleguide")
@access("public.read")
def show() -> Any:
    """Show all components."""
    wrong = SampleForm(prefix="b", formdata=None)
    wrong.validate()
    return render_template(
        "styleguide/index.html",
        form=SampleForm(prefix="a", formdata=None),
        wrong_form=wrong,
        filled_form=SampleForm(prefix="c", formdata=None, name="髙橋 みつ", tel="0191-00-0002"),
        card_form=CardForm(prefix="d", formdata=None),
        body="public",
    )
