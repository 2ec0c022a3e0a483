"""The mode of the service: what it means for everybody, and the switch in two steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid, NotFound
from matching.noticeboard.models import ModeSwitch
from matching.noticeboard.modes import MODES
from matching.noticeboard.switching import WRONG_DAY, mode_of, newest, switch_mode
from matching.people.models import Account
from matching.web.access import access, current_actor
from matching.web.forms import accept, give_back
from matching.web.refusals import said
from matching.web.registers import gettext

pages = Blueprint("modes", __name__)
EARLIER = 20


@pages.get("/mode")
@access("public.read")
def meaning() -> str:
    """Say to everybody what mode the service is in, and what that means."""
    switch = newest(db.session())
    code = mode_of(switch)
    return render_template("public/mode.html", mode=MODES[code], code=code, switch=switch)


@pages.get("/admin/mode")
@access("mode.switch")
def home() -> str:
    """Show the mode, who switched to it and when, and the others to choose from."""
    session = db.session()
    switches = session.execute(
        select(ModeSwitch, Account.display_name)
        .join(Account, Account.id == ModeSwitch.switched_by_id)
        .order_by(ModeSwitch.id.desc())
        .limit(EARLIER)
    ).all()
    return render_template(
        "admin/mode.html",
        modes=MODES,
        current=mode_of(switches[0][0] if switches else None),
        switches=[(row[0], gettext(MODES[row[0].mode].label), row[1]) for row in switches],
    )


@pages.get("/admin/mode/<code>")
@access("mode.switch")
def ask(code: str) -> str:
    """First step: show what the switch would change, before anything has."""
    return _ask(code)


def _ask(code: str, sentence: str = "") -> str:
    if code not in MODES:
        raise NotFound
    switch = newest(db.session())
    return render_template(
        "admin/mode_switch.html",
        code=code,
        mode=MODES[code],
        before=MODES[mode_of(switch)],
        same=code == mode_of(switch),
        seen=request.form.get("seen") or (switch.id if switch else 0),
        key=give_back(),
        sentence=sentence,
    )


@pages.post("/admin/mode/<code>")
@access("mode.switch")
def switch(code: str) -> Any:
    """Second step: switch, by name."""
    now = clock.now()
    try:
        if request.form.get("sure") != "yes":
            raise Invalid("内容をたしかめて、印をつけてください。", field="sure")
        with transaction() as work:
            replies.once(work, accept("mode"), now, lambda: _switch(work, code))
    except Invalid as refused:
        return _ask(code, said(refused)), 422
    flash(gettext("体制を切りかえました。すべてのページの上に出ています。"), "success")
    return redirect(url_for("modes.home"))


def _switch(work: Session, code: str) -> str:
    seen = request.form.get("seen", -1, int)
    made = switch_mode(work, code, seen, _day(), current_actor(), clock.now())
    return str(made.id)


def _day() -> date | None:
    typed = request.form.get("until_on", "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise Invalid(WRONG_DAY, field="until_on") from error
