"""One decorator between a page and the permission table, and the proof that none is without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import ServiceUnavailable, Unauthorized
from werkzeug.wrappers import Response

from matching.kernel import clock
from matching.kernel.actor import PUBLIC, Actor
from matching.kernel.database import db
from matching.kernel.errors import NotFound
from matching.kernel.permissions import ACTIONS, STEP_UP, may
from matching.kernel.row_security import wall_in
from matching.people.proving import FRESH
from matching.web.proof_page import ask_again
from matching.web.sessions import AT_DESK, SESSIONLESS
from matching.web.walling import wall_of

View = TypeVar("View", bound=Callable[..., object])

# What an account may do that still has to get its second factor.
BEFORE_ENROLMENT = {"account.factors", "account.confirm", "account.sign_out", "public.read"}
FRAMEWORK_ACTIONS = {"static": "public.read", "stylesheet": "public.read"}


def access(action: str) -> Callable[[View], View]:
    """Declare which action of the permission table a view is; unknown actions stop the start."""
    if action not in ACTIONS:
        raise ValueError(f"{action} is not in the permission table")

    def declare(view: View) -> View:
        view.access = action  # type: ignore[attr-defined]
        return view

    return declare


def action_of(app: Flask, endpoint: str) -> str | None:
    """Return the declared action of an endpoint, or None."""
    declared = FRAMEWORK_ACTIONS.get(endpoint)
    return declared or getattr(app.view_functions[endpoint], "access", None)


def require_declarations(app: Flask) -> None:
    """Refuse to start while a route has no declared access."""
    bare = [name for name in app.view_functions if action_of(app, name) is None]
    if bare:
        raise RuntimeError(f"routes without declared access: {', '.join(sorted(bare))}")


def current_actor() -> Actor:
    """Return who acts in this request; the public when nobody is signed in."""
    actor: Actor = g.get("actor") or PUBLIC
    return actor


def guard(app: Flask) -> Callable[[], ResponseReturnValue | None]:
    """Return the check that runs before every view."""

    def check() -> ResponseReturnValue | None:
        if request.path.startswith(SESSIONLESS):
            return None
        if "\x00" in request.path:
            raise NotFound
        if request.endpoint is None:  # there is no such page: said within the reader's own menu
            g.actor = _signed_in()
            return None
        if getattr(session, "away", False):
            raise ServiceUnavailable
        if _comes_from_another_site(app):
            return render_template("signing/bounce.html", here=request.full_path.rstrip("?"))
        g.actor = _signed_in()
        action = action_of(app, request.endpoint) or ""
        if not may(current_actor(), action):
            return _turn_away()
        wall_up(action)
        return _enrol_first(action) or _prove_again(action)

    return check


def _signed_in() -> Actor:
    return current_user.actor if current_user.is_authenticated else PUBLIC


def wall_up(action: str) -> None:
    """Tell the database what the actor of this request may see with an action."""
    reads = request.method in {"GET", "HEAD", "OPTIONS"}
    wall_in(db.session(), wall_of(current_actor(), action), reads=reads)


def _comes_from_another_site(app: Flask) -> bool:
    """A strict cookie stays behind when a link leads here from elsewhere, such as a mail.

    One more step from a page of our own brings it along; without that step the next form would
    be given a new session and the old one would be lost.
    """
    name = app.session_interface.get_cookie_name(app)
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and AT_DESK in request.cookies
        and name not in request.cookies
    )


def _enrol_first(action: str) -> Response | None:
    """Who needs a second factor and has none sees nothing else before."""
    if not getattr(current_user, "must_enrol", False) or action in BEFORE_ENROLMENT:
        return None
    if request.method != "GET":
        raise NotFound
    return redirect(url_for("factors.home"))


def _prove_again(action: str) -> ResponseReturnValue | None:
    """Ask for the password again where much depends on who sits there."""
    if action not in STEP_UP or not current_user.is_authenticated:
        return None
    if datetime.fromisoformat(session["proven_at"]) > clock.now() - FRESH:
        return None
    if request.method != "GET":
        return ask_again(request.full_path.rstrip("?")), 403
    return redirect(url_for("stepping_up.home", next=request.full_path.rstrip("?")))


def _turn_away() -> Response:
    """Ask who is not signed in to sign in; for the others there is no such page."""
    if current_user.is_authenticated:
        raise NotFound
    if request.method != "GET":
        raise Unauthorized
    return redirect(url_for("signing.sign_in", next=request.full_path.rstrip("?")))
