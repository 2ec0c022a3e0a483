"""Second factors of my account: add, take away, and the codes on paper."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.person_keys import keys_of
from matching.people import passkeys, queries, second_factors
from matching.people.second_factors import is_needed
from matching.web.access import access, current_actor
from matching.web.entering import device_name, first_page
from matching.web.forms import Form
from matching.web.passkeys import keep_key, offer_key
from matching.web.registers import gettext

pages = Blueprint("factors", __name__)
PENDING = "app_secret"
PLACE = "login_sessions|app_secret|0"


class AppForm(Form):
    """The first code of an authenticator app."""

    code = StringField(
        _("アプリに出ている6けたの番号"),
        [InputRequired(_("番号を入力してください。")), Length(max=20)],
    )


class KeyForm(Form):
    """What the browser says about a new passkey."""

    key = StringField("", [InputRequired(), Length(max=20_000)])


@pages.get("/account/factors")
@access("account.factors")
def home() -> str:
    """Show what there is, and what can be added."""
    actor, work = current_actor(), db.session()
    account = queries.get_account(work, actor.account_id or 0)
    return render_template(
        "account/factors.html",
        needed=is_needed(account, actor),
        started=account.factor_since is not None,
        app=second_factors.has_app(work, account.id),
        keys=passkeys.list_passkeys(work, account.id),
        papers=second_factors.count_recovery_codes(work, account.id),
        options=offer_key(),
    )


@pages.get("/account/factors/app")
@access("account.factors")
def app() -> str:
    """Show the secret as a QR code and in letters."""
    secret = second_factors.new_secret()
    session[PENDING] = keys_of(db.session()).seal(secret, None, PLACE)
    return _app_page(AppForm(formdata=None), secret)


def _app_page(form: AppForm, secret: str) -> str:
    account = queries.get_account(db.session(), current_actor().account_id or 0)
    address = second_factors.app_address(secret, account.login)
    return render_template(
        "account/app.html",
        form=form,
        picture=segno.make(address, error="m").svg_data_uri(scale=4),
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    )


@pages.post("/account/factors/app")
@access("account.factors")
def app_posted() -> Any:
    """Keep the app's secret once its first code fits."""
    form = AppForm()
    if PENDING not in session:
        return redirect(url_for("factors.app"))
    secret = keys_of(db.session()).open(session[PENDING], PLACE)
    if not form.validate_on_submit():
        return _app_page(form, secret), 422
    with transaction() as work:
        codes = second_factors.enrol_app(
            work, current_actor(), secret, form.code.data or "", clock.now()
        )
    if codes is None:
        form.code.errors = [
            gettext("番号が合いません。アプリに出ている新しい番号を入力してください。")
        ]
        return _app_page(form, secret), 422
    session.pop(PENDING)
    return _added(codes)


def _added(codes: list[str]) -> Any:
    """Show the codes on paper once; where there were some already, go on."""
    session.rotate()  # type: ignore[attr-defined]
    if codes:
        onward = first_page(current_actor())
        return render_template("account/recovery_codes.html", codes=codes, onward=onward)
    flash(gettext("加えました。次にログインするときから使えます。"), "success")
    return redirect(url_for("factors.home"))


@pages.post("/account/factors/passkey")
@access("account.factors")
def passkey_posted() -> Any:
    """Keep a new passkey."""
    form = KeyForm()
    name = device_name(request.user_agent.string) or gettext("パスキー")
    codes = None
    if form.validate_on_submit():
        with transaction() as work:
            codes = keep_key(work, form.key.data or "", name, clock.now())
    if codes is None:
        flash(gettext("パスキーを作れませんでした。もう一度、お試しください。"), "error")
        return redirect(url_for("factors.home"))
    return _added(codes)


@pages.post("/account/factors/app/remove")
@access("account.factors")
def remove_app() -> Response:
    """Take the app away."""
    with transaction() as work:
        second_factors.remove(work, current_actor(), clock.now(), app=True)
    return _removed()


@pages.post("/account/factors/passkey/<int:passkey_id>/remove")
@access("account.factors")
def remove_passkey(passkey_id: int) -> Response:
    """Take a passkey away."""
    with transaction() as work:
        second_factors.remove(work, current_actor(), clock.now(), passkey=passkey_id)
    return _removed()


def _removed() -> Response:
    flash(gettext("消しました。"), "success")
    return redirect(url_for("factors.home"))


@pages.post("/account/factors/paper")
@access("account.factors")
def paper_posted() -> str:
    """Make new codes on paper; the ones printed before are worth nothing."""
    with transaction() as work:
        codes = second_factors.new_recovery_codes(work, current_actor(), clock.now())
    return render_template("account/recovery_codes.html", codes=codes, onward="/account")
