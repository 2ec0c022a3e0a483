"""The page that asks for the password again, and carries along what was being sent."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import lazy_gettext as _
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from matching.web.errors import SECRET_FIELDS
from matching.web.forms import Form

TARGET = "confirm_to"
SENT = "confirm_sent"  # stands for a form that is nothing but its button
OWN = {TARGET, "confirm_password", *SECRET_FIELDS}


class ProofForm(Form):
    """The present password, once more."""

    confirm_password = PasswordField(
        _("いまのパスワード"),
        [InputRequired(_("パスワードを入力してください。")), Length(max=1000)],
    )


def ask_again(target: str, form: ProofForm | None = None) -> str:
    """Render the question; every field of the interrupted form travels along unseen."""
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in OWN
        for value in values
    ]
    if not kept and request.method != "GET" and TARGET not in request.form:
        kept = [(SENT, "1")]
    return render_template(
        "account/confirm.html", form=form or ProofForm(formdata=None), target=target, kept=kept
    )


def interrupted() -> bool:
    """Tell whether the request carries a form that was interrupted."""
    return any(name not in OWN for name in request.form)
