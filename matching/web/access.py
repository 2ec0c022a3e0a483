"""One decorator between a page and the permission table, and the proof that none is without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import ServiceUnavailable, Unauthorized
from werkzeug.wrappers import Response

from matching.kernel.actor import PUBLIC, Actor
from matching.kernel.errors import NotFound
from matching.kernel.permissions import ACTIONS, may
from matching.web.sessions import SESSIONLESS

View = TypeVar("View", bound=Callable[..., object])

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


def guard(app: Flask) -> Callable[[], Response | None]:
    """Return the check that runs before every view."""

    def check() -> Response | None:
        if request.endpoint is None or request.path.startswith(SESSIONLESS):
            return None
        if "\x00" in request.path:
            raise NotFound
        if getattr(session, "away", False):
            raise ServiceUnavailable
        g.actor = current_user.actor if current_user.is_authenticated else PUBLIC
        action = action_of(app, request.endpoint) or ""
        return None if may(current_actor(), action) else _turn_away()

    return check


def _turn_away() -> Response:
    """Ask who is not signed in to sign in; for the others there is no such page."""
    if current_user.is_authenticated:
        raise NotFound
    if request.method != "GET":
        raise Unauthorized
    return redirect(url_for("signing.sign_in", next=request.full_path.rstrip("?")))
