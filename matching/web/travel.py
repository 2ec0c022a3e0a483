"""Minutes between areas: one table that a manager fills in."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.places.models import AreaTravel
from matching.places.reference import AREA_BY_CODE
from matching.places.travelling import NO_NUMBER, Measured, change_minutes
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.refusals import said
from matching.web.registers import gettext

pages = Blueprint("travel", __name__)
WAYS = [(start, end) for start in AREA_BY_CODE for end in AREA_BY_CODE]


@pages.get("/admin/travel")
@access("travel.change")
def show() -> str:
    """Show the table as it stands."""
    rows = {
        (row.from_area_code, row.to_area_code): row
        for row in db.session().scalars(select(AreaTravel))
    }
    cells = {
        way: {
            "minutes": row.minutes if (row := rows.get(way)) else "",
            "version": row.version if row else 0,
        }
        for way in WAYS
    }
    return _page(cells)


def _page(cells: Any, sentence: str = "") -> str:
    areas = list(AREA_BY_CODE.values())
    return render_template("admin/travel.html", areas=areas, cells=cells, sentence=sentence)


@pages.post("/admin/travel")
@access("travel.change")
def change() -> Response | tuple[str, int]:
    """Take what was typed; nothing typed is lost when a number is none."""
    actor, now = current_actor(), clock.now()
    try:
        typed = [_measured(start, end) for start, end in WAYS if f"m-{start}-{end}" in request.form]
        with transaction() as work:

            def enter() -> str:
                return str(change_minutes(work, typed, actor, now))

            changed = int(replies.once(work, accept("travel"), now, enter))
    except Invalid as refused:
        return _page(_typed(), said(refused)), 422
    if changed:
        sentence = gettext(
            "%(count)s組の分数を変えました。調整案を作り直しています。", count=changed
        )
        flash(sentence, "success")
    else:
        flash(gettext("変わった分数はありません。"), "info")
    return redirect(url_for("travel.show"))


def _measured(start: str, end: str) -> Measured:
    minutes = request.form[f"m-{start}-{end}"].strip()
    version = request.form.get(f"v-{start}-{end}", "")
    if not re.fullmatch("[0-9０-９]{0,4}", minutes) or not re.fullmatch("[0-9]{1,18}", version):
        raise Invalid(NO_NUMBER)
    return Measured(start, end, int(minutes) if minutes else None, int(version))


def _typed() -> dict[tuple[str, str], dict[str, str]]:
    return {
        (start, end): {
            "minutes": request.form.get(f"m-{start}-{end}", ""),
            "version": request.form.get(f"v-{start}-{end}", ""),
        }
        for start, end in WAYS
    }
