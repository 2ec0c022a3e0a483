"""Tokens of my account: by each a program acts with my rights; made, shown once, ended."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.people.tokens import SCOPES, list_tokens, make_token, revoke_token
from matching.web.access import access, current_actor
from matching.web.forms import Form, accept
from matching.web.readings import line, radios
from matching.web.registers import gettext

pages = Blueprint("my_tokens", __name__)


class TokenForm(Form):
    """What a token is for, and how much it may do."""

    name = line(_("何に使うか"), required=_("何に使うかを入力してください。"))
    scope = radios(
        _("できること"), lambda: {code: gettext(label) for code, label in SCOPES.items()}
    )


@pages.get("/account/tokens")
@access("token.manage")
def home() -> str:
    """Show my tokens and the form for one more."""
    return _page(TokenForm(formdata=None, scope="read"))


def _page(form: TokenForm, fresh: str = "") -> str:
    found = list_tokens(db.session(), current_actor().account_id or 0)
    return render_template(
        "account/tokens.html", form=form, tokens=found, token=fresh, now=clock.now(), scopes=SCOPES
    )


@pages.post("/account/tokens")
@access("token.manage")
def make() -> Any:
    """Make a token; it is in the answer to this one sending and nowhere else."""
    form, actor, now = TokenForm(), current_actor(), clock.now()
    if not form.validate_on_submit():
        return _page(form), 422
    made: list[str] = []
    try:
        with transaction() as work:

            def once() -> str:
                made.append(_made(work, form, actor))
                return "made"

            replies.once(work, accept("token"), now, once)
    except Invalid as refused:
        form.refuse(refused)
        return _page(form), 422
    if not made:
        flash(gettext("このトークンは、もう作りました。もう一度は表示できません。"), "warning")
        return redirect(url_for("my_tokens.home"))
    return _page(TokenForm(formdata=None, scope="read"), made[0])


def _made(work: Any, form: TokenForm, actor: Actor) -> str:
    scope, name = form.scope.data or "", form.name.data or ""
    return make_token(work, actor.account_id or 0, name, scope, actor, clock.now())


@pages.post("/account/tokens/<int:token_id>/revoke")
@access("token.manage")
def revoke(token_id: int) -> Response:
    """End a token of mine at once."""
    actor = current_actor()
    with transaction() as work:
        revoke_token(work, token_id, actor.account_id or 0, actor, clock.now())
    flash(gettext("トークンを終わらせました。"), "success")
    return redirect(url_for("my_tokens.home"))
