"""Paper forms: printed with a number and a QR code, found again by either."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select

import config as settings
from matching.catalogue.reference import CATEGORIES
from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.needs.models import Need
from matching.needs.paper import MOST, PaperForm, find_form, list_forms, print_forms
from matching.web.access import access, current_actor
from matching.web.forms import accept, whole
from matching.web.refusals import said
from matching.web.registers import gettext

pages = Blueprint("paper", __name__)


@pages.get("/desk/paper")
@access("need.intake")
def home() -> str:
    """Ask how many sheets to print, or which sheet came back."""
    return _page()


def _page(error: str = "") -> str:
    return render_template("paper/home.html", most=MOST, error=error)


@pages.post("/desk/paper")
@access("need.intake")
def print_some() -> Any:
    """Give numbers to some sheets and show them for printing."""
    actor, now = current_actor(), clock.now()
    try:
        with transaction() as work:

            def number_them() -> str:
                made = print_forms(work, whole(request.form.get("count")), actor, now)
                return f"{made[0].id}-{len(made)}"

            numbered = replies.once(work, accept("paper"), now, number_them)
    except Invalid as refused:
        return _page(said(refused)), 422
    first, _dash, count = numbered.partition("-")
    return redirect(url_for("paper.sheets", first=first, count=count))


@pages.get("/desk/paper/sheets")
@access("need.intake")
def sheets() -> str:
    """Show sheets as they are printed, one a page."""
    first, count = whole(request.args.get("first")), whole(request.args.get("count"))
    return render_template(
        "paper/sheets.html",
        sheets=[(each.number, _code(each)) for each in list_forms(db.session(), first, count)],
        categories=[each for each in CATEGORIES if each.accepted and each.code == each.sheet_code],
    )


def _code(form: PaperForm) -> Markup:
    """The QR code that opens the intake page for this sheet."""
    config: settings.Config = current_app.extensions["musubi"]
    address = f"{config.base_url.rstrip('/')}/desk/intake?paper={form.number}"
    drawn = segno.make(address, error="m").svg_inline(scale=3, border=2)
    return Markup(drawn)  # noqa: S704 - drawn by us from a number of ours  # nosec B704


@pages.get("/desk/paper/find")
@access("need.intake")
def find() -> Any:
    """Open a sheet that came back: the page to type it in, or what it already became."""
    form = find_form(db.session(), request.args.get("number", "").replace("\x00", "")[:20])
    if form is None:
        return _page(
            gettext("この番号の申込書は見つかりませんでした。番号をたしかめてください。")
        ), 404
    if form.need_id is None:
        return redirect(url_for("intake.new", paper=form.number))
    reference = db.session().scalar(select(Need.reference).where(Need.id == form.need_id))
    return redirect(url_for("needs.show", reference=reference))
