"""A forgotten password: one page, one answer for everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from matching.kernel import clock
from matching.kernel.database import transaction
from matching.people import resetting
from matching.web.access import access
from matching.web.forms import Form

pages = Blueprint("resetting", __name__)


class NameForm(Form):
    """The name somebody signs in with."""

    login = StringField(
        _("ログイン名"), [InputRequired(_("ログイン名を入力してください。")), Length(max=200)]
    )


@pages.get("/reset")
@access("account.reset")
def home() -> str:
    """Ask for the name."""
    return render_template("signing/reset.html", form=NameForm(formdata=None))


@pages.post("/reset")
@access("account.reset")
def asked() -> Any:
    """Say the same to everybody; a mail goes out only where there is somebody to get it."""
    form = NameForm()
    if not form.validate_on_submit():
        return render_template("signing/reset.html", form=form), 422
    with transaction() as work:
        resetting.ask(work, form.login.data or "", request.remote_addr or "", clock.now())
    return render_template("signing/reset_asked.html")
