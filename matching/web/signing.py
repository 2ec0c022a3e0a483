"""Sign in and out, and the switch of language and text size."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from matching.kernel import audit, clock
from matching.kernel.database import transaction
from matching.people import signing_in
from matching.people.second_factors import TRIES, check_code
from matching.web.access import access, current_actor
from matching.web.entering import DEVICE, enter, first_page, safe_next
from matching.web.forms import Form
from matching.web.passkeys import ask_for_key, brings_key, relying_party
from matching.web.registers import LANGUAGES, gettext
from matching.web.sessions import AT_DESK
from matching.web.surroundings import TEXT_SIZES

pages = Blueprint("signing", __name__)
PATIENCE = timedelta(minutes=10)  # how long the second step may take


class SignInForm(Form):
    """Name and password."""

    login = StringField(
        _("ログイン名"), [InputRequired(_("ログイン名を入力してください。")), Length(max=200)]
    )
    password = PasswordField(
        _("パスワード"), [InputRequired(_("パスワードを入力してください。")), Length(max=1000)]
    )


class CodeForm(Form):
    """The number that an app or a paper shows; a passkey fills in `key` by itself."""

    code = StringField(_("6けたの番号"), [Length(max=100)])
    key = StringField("", [Length(max=10_000)])


@pages.get("/login")
@access("account.sign_in")
def sign_in() -> str | Response:
    """Show the form, or go on where somebody is signed in."""
    if current_actor().account_id:
        return redirect(safe_next(request.args.get("next")) or first_page(current_actor()))
    return render_template("signing/sign_in.html", form=SignInForm())


@pages.post("/login")
@access("account.sign_in")
def sign_in_posted() -> Any:
    """Sign in; the answer to a wrong name and a wrong password is one and the same."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("signing/sign_in.html", form=form), 422
    knock = signing_in.Knock(
        form.login.data or "",
        form.password.data or "",
        request.remote_addr or "",
        request.cookies.get(DEVICE, ""),
    )
    account = signing_in.sign_in(knock, clock.now())
    target = request.args.get("next")
    entered = None
    if account is not None and account.factor_since is not None:
        return _second_step(account.id, target)
    if account is not None:
        entered = enter(account.id, target)
    return entered or _refused(form)


def _refused(form: SignInForm) -> tuple[str, int]:
    form.form_errors = [gettext("ログイン名かパスワードが違います。もう一度たしかめてください。")]
    return render_template("signing/sign_in.html", form=form), 422


def _second_step(account_id: int, target: str | None) -> Response:
    session.start_over()  # type: ignore[attr-defined]
    until = (clock.now() + PATIENCE).isoformat()
    session["half_in"] = {"account": account_id, "until": until, "tries": 0, "next": target}
    return redirect(url_for("signing.second_step"))


def _half_in() -> dict[str, Any] | None:
    """Who gave the right password a moment ago, and is still to bring the second factor."""
    half: dict[str, Any] | None = session.get("half_in")
    if half and datetime.fromisoformat(half["until"]) > clock.now():
        return half
    return None


@pages.get("/login/code")
@access("account.sign_in")
def second_step() -> str | Response:
    """Ask for the second factor."""
    half = _half_in()
    if half is None:
        return redirect(url_for("signing.sign_in"))
    return _ask(CodeForm(formdata=None), half["account"])


def _ask(form: CodeForm, account_id: int) -> str:
    options = ask_for_key(account_id) if relying_party() else None
    return render_template("signing/second_step.html", form=form, options=options)


@pages.post("/login/code")
@access("account.sign_in")
def second_step_posted() -> Any:
    """Let in who brings the second factor; six wrong codes end the attempt."""
    half, form = _half_in(), CodeForm()
    if half is None:
        return redirect(url_for("signing.sign_in"))
    account_id = half["account"]
    session["half_in"] = half | {"tries": half["tries"] + 1}
    if form.validate_on_submit() and _fits(form, account_id):
        return enter(account_id, half["next"]) or redirect(url_for("signing.sign_in"))
    with transaction() as work:
        audit.record(work, current_actor(), clock.now(), "factor_refused", "account", account_id)
    if half["tries"] + 1 >= TRIES:
        session.start_over()  # type: ignore[attr-defined]
        return redirect(url_for("signing.sign_in", again="1"))
    form.code.errors = [
        gettext("番号が違います。新しい番号が出るのを待って、もう一度入力してください。")
    ]
    return _ask(form, account_id), 422


def _fits(form: CodeForm, account_id: int) -> bool:
    now = clock.now()
    with transaction() as work:
        if form.key.data:
            return brings_key(work, account_id, form.key.data, now)
        return check_code(work, account_id, form.code.data or "", now)


@pages.post("/logout")
@access("account.sign_out")
def sign_out() -> Response:
    """Sign out: the session's row goes, so the old cookie is worth nothing."""
    with transaction() as work:
        actor = current_actor()
        audit.record(work, actor, clock.now(), "signed_out", "account", actor.account_id)
    logout_user()
    session.start_over()  # type: ignore[attr-defined]
    answer = redirect(url_for("public.home"))
    answer.delete_cookie(AT_DESK)
    # Drafts and copies go; language, text size and the known device are cookies and stay.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


PREFERENCES = (("language", LANGUAGES), ("text_size", TEXT_SIZES), ("keys", ("on", "off")))


@pages.get("/preferences")
@access("public.read")
def preferences() -> Response:
    """Keep language, text size and whether keys are shortcuts in cookies and go back."""
    answer = redirect(safe_next(request.args.get("next")) or "/")
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    for name, allowed in PREFERENCES:
        value = request.args.get(name, "")
        if value in allowed:
            answer.set_cookie(
                name, value, max_age=365 * 86400, samesite="Lax", httponly=True, secure=secure
            )
    return answer
