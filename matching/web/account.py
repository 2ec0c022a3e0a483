"""My account: how I sign in, where I am signed in, and the password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.kernel.permissions import OFFICE, ROLES
from matching.people import guessable, queries, sessions
from matching.people.proving import change_password, prove
from matching.people.signing_in import digest
from matching.people.tokens import list_tokens
from matching.web.access import access, current_actor
from matching.web.entering import renew
from matching.web.forms import Form
from matching.web.registers import gettext

pages = Blueprint("account", __name__)


class NewPasswordForm(Form):
    """A password, typed twice."""

    password = PasswordField(
        _("新しいパスワード"),
        [InputRequired(_("パスワードを入力してください。")), Length(max=1000)],
    )
    again = PasswordField(
        _("新しいパスワード（もう一度）"),
        [EqualTo("password", _("同じパスワードを、もう一度入力してください。"))],
    )


class ChangeForm(NewPasswordForm):
    """The present password, and the one to come."""

    current = PasswordField(
        _("いまのパスワード"),
        [InputRequired(_("いまのパスワードを入力してください。")), Length(max=1000)],
    )


def shortest(office: bool) -> int:
    """Return how long a password must be at least."""
    return guessable.SHORTEST_OFFICE if office else guessable.SHORTEST


@pages.get("/account")
@access("account.own")
def home() -> str:
    """Show how I sign in and where I am signed in."""
    actor, work = current_actor(), db.session()
    account = queries.get_account(work, actor.account_id or 0)
    this = digest(session.token or "")  # type: ignore[attr-defined]
    return render_template(
        "account/home.html",
        account=account,
        roles=[gettext(ROLES[role]) for role in actor.roles],
        sessions=sessions.list_sessions(work, account.id, clock.now()),
        this_session=this,
        tokens=len(list_tokens(work, account.id)),
    )


@pages.get("/account/password")
@access("account.own")
def password() -> str:
    """Show the form for a new password."""
    return _password_page(ChangeForm(formdata=None))


def _password_page(form: ChangeForm) -> str:
    office = not OFFICE.isdisjoint(current_actor().roles)
    return render_template("account/password.html", form=form, shortest=shortest(office))


@pages.post("/account/password")
@access("account.own")
def password_posted() -> Any:
    """Change the password; every other session ends."""
    form, actor, now = ChangeForm(), current_actor(), clock.now()
    if not form.validate_on_submit():
        return _password_page(form), 422
    if not prove(actor, form.current.data or "", now):
        form.current.errors = [gettext("いまのパスワードが違います。もう一度たしかめてください。")]
        return _password_page(form), 422
    try:
        epoch = change_password(actor, form.password.data or "", now)
    except Invalid as refused:
        form.refuse(refused)
        return _password_page(form), 422
    renew(epoch)
    session.rotate()  # type: ignore[attr-defined]
    flash(gettext("パスワードを変えました。ほかの機器では、ログアウトしました。"), "success")
    return redirect(url_for("account.home"))


@pages.post("/account/sessions/<int:session_id>/end")
@access("account.own")
def end_session(session_id: int) -> Response:
    """End one of my sessions."""
    with transaction() as work:
        sessions.end_session(work, session_id, current_actor(), clock.now())
    flash(gettext("その機器では、ログアウトしました。"), "success")
    return redirect(url_for("account.home"))


@pages.post("/account/sessions/end-others")
@access("account.own")
def end_others() -> Response:
    """End all my sessions but this one."""
    with transaction() as work:
        session["epoch"] = sessions.end_own(work, current_actor(), clock.now())
    session.rotate()  # type: ignore[attr-defined]
    flash(gettext("ほかの機器では、ログアウトしました。"), "success")
    return redirect(url_for("account.home"))


@pages.get("/account/stay")
@access("account.own")
def stay() -> tuple[str, int]:
    """Keep the session awake while somebody is writing a long text."""
    return "", 204
