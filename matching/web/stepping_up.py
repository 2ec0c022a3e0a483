"""Proving again who one is, and going on with what was being done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, session

from matching.kernel import clock
from matching.people.proving import prove
from matching.web.access import access, current_actor
from matching.web.entering import first_page, renew, safe_next
from matching.web.proof_page import TARGET, ProofForm, ask_again, interrupted
from matching.web.registers import gettext

pages = Blueprint("stepping_up", __name__)


@pages.get("/account/confirm")
@access("account.confirm")
def home() -> str:
    """Ask for the password before going on."""
    return ask_again(safe_next(request.args.get("next")) or first_page(current_actor()))


@pages.post("/account/confirm")
@access("account.confirm")
def proved() -> Any:
    """Go on: open the page again, or send the interrupted form again just as it was."""
    form, actor = ProofForm(), current_actor()
    target = safe_next(request.form.get(TARGET)) or first_page(actor)
    if not form.validate_on_submit():
        return ask_again(target, form), 422
    if not prove(actor, form.confirm_password.data or "", clock.now()):
        form.confirm_password.errors = [
            gettext("パスワードが違います。もう一度たしかめてください。")
        ]
        return ask_again(target, form), 422
    renew(session["epoch"])
    session.rotate()  # type: ignore[attr-defined]
    # 307 makes the browser send the same fields once more, to where they were going.
    return redirect(target, code=307 if interrupted() else 303)
