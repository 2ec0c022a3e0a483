"""Coming in: from a proven account to a session of its own, and to the page where it begins."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from flask import after_this_request, current_app, redirect, request, session
from flask_login import UserMixin, login_user
from werkzeug.wrappers import Response

from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.permissions import DESK, OFFICE
from matching.people import queries
from matching.people.models import Account
from matching.people.second_factors import is_needed
from matching.people.signing_in import remember_device

DEVICE = "musubi_device"
DEVICE_SECONDS = 400 * 86400
FIRST_PAGES = {
    "welfare_commissioner": "/commissioner",
    "partner_agency": "/partner",
    "city_officer": "/reports",
    "auditor": "/admin/audit",
    "system_admin": "/admin",
}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Macintosh", "CrOS", "Linux")
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


class User(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: an account's id and what it may be today.

    `must_enrol` holds while the account may not go anywhere before it has a second factor.
    """

    def __init__(self, actor: Actor, *, must_enrol: bool) -> None:
        self.actor = actor
        self.must_enrol = must_enrol
        self.id = str(actor.account_id)


def load_user(account_id: str) -> User | None:
    """Load the signed-in account anew: an ended role or a newer epoch counts from this moment."""
    account = queries.find_account(db.session(), int(account_id))
    return user_of(account) if account and session.get("epoch") == account.epoch else None


def user_of(account: Account) -> User | None:
    """Return an account as a visitor; None when no role is within its term."""
    actor = queries.actor_of(account, clock.today())
    if actor is None:
        return None
    return User(actor, must_enrol=is_needed(account, actor) and account.factor_since is None)


def enter(account_id: int, target: str | None) -> Response | None:
    """Begin the session of an account that proved itself; None when it may not any more."""
    now = clock.now()
    with transaction() as work:
        account = queries.find_account(work, account_id)
        user = user_of(account) if account else None
        if account is None or user is None:
            return None
        audit.record(work, user.actor, now, "signed_in", "account", account.id)
        known = remember_device(work, account.id, request.cookies.get(DEVICE, ""), now)
        epoch = account.epoch
    session.start_over()  # type: ignore[attr-defined]
    session["office"] = not OFFICE.isdisjoint(user.actor.roles)
    session["device"] = device_name(request.user_agent.string)
    renew(epoch)
    login_user(user)
    _keep_device(known)
    return redirect(safe_next(target) or first_page(user.actor))


def renew(epoch: int) -> None:
    """Note that the account proved itself at this moment, in this epoch."""
    session["epoch"] = epoch
    session["proven_at"] = clock.now().isoformat()


def _keep_device(token: str) -> None:
    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            DEVICE,
            token,
            max_age=DEVICE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
        return response


def device_name(user_agent: str) -> str:
    """Return in two words what somebody sits at: its owner recognises it, nobody else does."""
    system = next((word for word in SYSTEMS if word in user_agent), "")
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    return " ".join(filter(None, (system.replace("Macintosh", "Mac"), browser)))


def first_page(actor: Actor) -> str:
    """Return where somebody's day begins."""
    return "/desk" if not DESK.isdisjoint(actor.roles) else FIRST_PAGES.get(actor.role, "/my")


def safe_next(target: str | None) -> str | None:
    """Return a path of our own to go to, or None: never another site, however it is written."""
    if not target or not target.startswith("/") or not target.isprintable():
        return None
    folded = unicodedata.normalize("NFKC", target).replace("\\", "/")
    if re.match(r"/[\s/]", folded):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
