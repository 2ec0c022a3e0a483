"""Choosing a first password with a letter: by its QR code, or by typing its code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from matching.kernel import clock, limits
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid, NotFound, TooMany
from matching.kernel.limits import Limit
from matching.kernel.permissions import OFFICE
from matching.people import queries, tickets
from matching.people.signing_in import digest
from matching.web.access import access
from matching.web.account import NewPasswordForm, shortest
from matching.web.forms import Form
from matching.web.registers import gettext

pages = Blueprint("activating", __name__)
CODES = Limit("activation_code", 5, timedelta(hours=1))  # wrong codes from one /24 or /64


class LetterForm(Form):
    """The code printed on a letter."""

    code = StringField(
        _("ご案内の番号"), [InputRequired(_("ご案内の番号を入力してください。")), Length(max=100)]
    )


@pages.get("/activate")
@access("account.activate")
def home() -> str:
    """Ask for the code of the letter."""
    return render_template("signing/letter_code.html", form=LetterForm(formdata=None))


@pages.post("/activate")
@access("account.activate")
def typed() -> Any:
    """Go on with a code that fits; five wrong ones an hour are enough."""
    form = LetterForm()
    if not form.validate_on_submit():
        return render_template("signing/letter_code.html", form=form), 422
    key = digest(tickets.folded_code(form.code.data or ""))
    if _recognise(key):
        return _onward("activation", key)
    form.code.errors = [
        gettext("この番号は使えません。番号をたしかめるか、センターへお電話ください。")
    ]
    return render_template("signing/letter_code.html", form=form), 422


def _recognise(key: str) -> bool:
    now, wishes = clock.now(), [(CODES, limits.network(request.remote_addr or ""))]
    with transaction() as work:
        if limits.spend(work, wishes, now) is not None:
            raise TooMany("番号の間違いが続きました。1時間ほどたってから、もう一度お試しください。")
    with transaction() as work:
        try:
            tickets.find_open(work, "activation", key, now)
        except NotFound:
            return False
        limits.give_back(work, wishes)
    return True


@pages.get("/activate/<token>")
@access("account.activate")
def scanned(token: str) -> Response:
    """Take the token out of the address at once; nothing is used up before a password is chosen."""
    return _onward("activation", digest(token))


@pages.get("/reset/<token>")
@access("account.activate")
def mailed(token: str) -> Response:
    """Do the same for the link of a mail."""
    return _onward("reset", digest(token))


def _onward(purpose: str, key: str) -> Response:
    session["ticket"] = [purpose, key]
    return redirect(url_for("activating.choose"))


@pages.get("/choose-password")
@access("account.activate")
def choose() -> str:
    """Show the form for a password to whoever brought a ticket."""
    return _page(NewPasswordForm(formdata=None))


def _page(form: NewPasswordForm) -> str:
    purpose, key = session.get("ticket", ("activation", ""))
    ticket = tickets.find_open(db.session(), purpose, key, clock.now())
    account = queries.get_account(db.session(), ticket.account_id)
    office = not OFFICE.isdisjoint(role.role for role in account.roles)
    return render_template(
        "signing/choose_password.html", form=form, login=account.login, shortest=shortest(office)
    )


@pages.post("/choose-password")
@access("account.activate")
def chosen() -> Any:
    """Set the password; signing in then goes its usual way, with the second factor."""
    form = NewPasswordForm()
    purpose, key = session.get("ticket", ("activation", ""))
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction() as work:
            tickets.choose_password(work, purpose, key, form.password.data or "", clock.now())
    except Invalid as refused:
        form.refuse(refused)
        return _page(form), 422
    session.start_over()  # type: ignore[attr-defined]
    flash(gettext("パスワードを決めました。ログインしてください。"), "success")
    return redirect(url_for("signing.sign_in"))
