"""The living style guide: every component in every state."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from wtforms import DateField, FileField, TelField, TimeField
from wtforms.validators import InputRequired, Optional

from matching.catalogue.reference import CATEGORIES
from matching.places.reference import AREAS
from matching.web.access import access
from matching.web.drawing import line as line_through
from matching.web.drawing import tiles
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
        drawn=_drawn(),
    )


def _drawn() -> dict[str, Any]:
    """A map and lines of invented numbers; one of them is not told."""
    counts = {area.code: 3 * place for place, area in enumerate(AREAS)}
    lines = {code: (f"困りごと {count}", f"活動者 {2 * count}") for code, count in counts.items()}
    received, met = [12, 18, 30, None, 22, 26], [10, 15, 21, None, 20, 12]
    first, second = (line_through(values, 30, 640, 180) for values in (received, met))
    return {
        "tiles": tiles(counts, lines),
        "lines": [
            {"label": "受け付け", "line": first, "kind": "first", "label_y": first.end[1] + 5},
            {"label": "決まった", "line": second, "kind": "second", "label_y": second.end[1] + 5},
        ],
        "marks": [{"y": 180 - 6 * mark, "label": mark} for mark in (0, 10, 20, 30)],
        "months": [{"x": 128 * place, "label": 4 + place} for place in range(6)],
    }
