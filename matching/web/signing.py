"""Sign in and out, and the switch of language and text size."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_login import UserMixin, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.permissions import DESK
from matching.people import queries, signing_in
from matching.web.access import access, current_actor
from matching.web.forms import Form
from matching.web.registers import LANGUAGES, gettext
from matching.web.surroundings import TEXT_SIZES

pages = Blueprint("signing", __name__)


class User(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: an account's id and what it may be today."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.account_id)


def load_user(account_id: str) -> User | None:
    """Load the signed-in account anew, so that a role that ended counts from this moment."""
    account = queries.find_account(db.session(), int(account_id))
    actor = queries.actor_of(account, clock.today()) if account else None
    return User(actor) if actor else None


class SignInForm(Form):
    """Name and password."""

    login = StringField(
        _("ログイン名"), [InputRequired(_("ログイン名を入力してください。")), Length(max=200)]
    )
    password = PasswordField(
        _("パスワード"), [InputRequired(_("パスワードを入力してください。")), Length(max=1000)]
    )


def safe_next(target: str | None) -> str | None:
    """Return a path of our own to go to, or None: never another site."""
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(letter) < 32 for letter in target):
        return None
    return target


@pages.get("/login")
@access("account.sign_in")
def sign_in() -> str | Response:
    """Show the form, or go on where somebody is signed in."""
    if current_actor().account_id:
        return redirect(safe_next(request.args.get("next")) or _first_page(current_actor()))
    return render_template("signing/sign_in.html", form=SignInForm())


@pages.post("/login")
@access("account.sign_in")
def sign_in_posted() -> Any:
    """Sign in; the answer to a wrong name and a wrong password is one and the same."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("signing/sign_in.html", form=form), 422
    with transaction() as work:
        account = signing_in.sign_in(
            work,
            form.login.data or "",
            form.password.data or "",
            request.remote_addr or "",
            clock.now(),
        )
        actor = queries.actor_of(account, clock.today()) if account else None
    if actor is None:
        form.form_errors = [
            gettext("ログイン名かパスワードが違います。もう一度たしかめてください。")
        ]
        return render_template("signing/sign_in.html", form=form), 422
    session.clear()
    session.rotate()  # type: ignore[attr-defined]
    login_user(User(actor))
    return redirect(safe_next(request.args.get("next")) or _first_page(actor))


def _first_page(actor: Actor) -> str:
    if not DESK.isdisjoint(actor.roles):
        return "/desk"
    pages_of = {
        "welfare_commissioner": "/commissioner",
        "city_officer": "/reports",
        "auditor": "/admin/audit",
        "system_admin": "/admin",
    }
    return pages_of.get(actor.role, "/my")


@pages.post("/logout")
@access("account.sign_out")
def sign_out() -> Response:
    """Sign out: the session's row goes, so the old cookie is worth nothing."""
    with transaction() as work:
        actor = current_actor()
        audit.record(work, actor, clock.now(), "signed_out", "account", actor.account_id)
    logout_user()
    session.clear()
    session.rotate()  # type: ignore[attr-defined]
    return redirect(url_for("public.home"))


@pages.get("/preferences")
@access("public.read")
def preferences() -> Response:
    """Keep the chosen language and text size in cookies and go back."""
    answer = redirect(safe_next(request.args.get("next")) or "/")
    for name, allowed in (("language", LANGUAGES), ("text_size", TEXT_SIZES)):
        value = request.args.get(name, "")
        if value in allowed:
            answer.set_cookie(name, value, max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer
