"""Server-side sessions: rows in PostgreSQL, a random token in the cookie, only its digest kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.datastructures import CallbackDict

from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.logs import logger
from matching.people.models import LoginSession
from matching.people.signing_in import digest
from matching.web import errors

# How long a session may be quiet, and how long it may last in any case.
NOBODY = (timedelta(hours=12), timedelta(days=30))
OFFICE = (timedelta(minutes=30), timedelta(hours=12))
OTHERS = (timedelta(days=7), timedelta(days=30))
TOUCH_EVERY = timedelta(minutes=1)
# Clocks of two machines may differ so much; what was heard of later than that, a clock set back.
CLOCKS_DIFFER = timedelta(minutes=2)
AT_DESK = "musubi_desk"
# What an open page asks by itself: no sign that somebody still sits there.
ASKED_BY_PAGES = ("/desk/news",)
# Addresses that never ask who is there: the session is opened before the route is known.
SESSIONLESS = ("/static/", "/style-", "/healthz", "/readyz", "/metrics", "/.well-known/", "/api/",
               "/hooks/", "/calendar/")  # fmt: skip


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The data of one browser's session; `rotate()` gives it a new token on a change of rights."""

    def __init__(
        self,
        data: dict[str, Any] | None = None,
        token: str | None = None,
        seen_at: datetime | None = None,
        ends_at: datetime | None = None,
    ) -> None:
        super().__init__(data or {}, on_update=self._changed)
        self.token = token
        self.seen_at = seen_at
        self.ends_at = ends_at
        self.modified = False
        self.new = token is None
        self.accessed = True
        self.replaced: str | None = None
        self.away = False  # the database did not answer when this session was asked for

    @staticmethod
    def _changed(session: Any) -> None:
        session.modified = True

    def rotate(self) -> None:
        """Leave the old token behind, so that one planted before sign-in is worth nothing."""
        self.replaced = self.token or self.replaced
        self.token, self.modified = None, True

    def start_over(self) -> None:
        """Forget everything and begin a new session: somebody came in or left."""
        self.clear()
        self.rotate()
        self.ends_at = None

    @property
    def span(self) -> tuple[timedelta, timedelta]:
        """How long this session may be quiet, and last."""
        if "_user_id" not in self:
            return NOBODY
        return OFFICE if self.get("office") else OTHERS


class DatabaseSessions(SessionInterface):
    """Opens and saves sessions in their table."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, bound to the host where https allows it."""
        return "__Host-musubi" if app.config["SESSION_COOKIE_SECURE"] else "musubi"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Find the session of the cookie; an unknown or expired one is a new, empty one."""
        token = request.cookies.get(self.get_cookie_name(app))
        if not token or request.path.startswith(SESSIONLESS):
            return ServerSession()
        try:
            return _find(token)
        except (OperationalError, InterfaceError):
            # No error page is possible this early: the guard before the view gives it.
            session = ServerSession()
            session.away = True
            return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed and hand the browser its token."""
        assert isinstance(session, ServerSession)  # noqa: S101 - the interface's own type  # nosec B101
        if session.away:
            return
        try:
            self._save(app, session, response)
        except (OperationalError, InterfaceError) as reason:
            logger().warning("session_not_saved", error=type(reason).__name__)
            if response.status_code < 400:
                body, response.status_code, headers = errors.page(503)
                response.set_data(body)
                response.headers.update(headers)

    def _save(self, app: Flask, session: ServerSession, response: Response) -> None:
        now = clock.now()
        if not session.modified:
            if request.path in ASKED_BY_PAGES:
                return
            if session.token and session.seen_at and now - session.seen_at > TOUCH_EVERY:
                _keep(session, session.token, {}, now)
        elif session.token:
            _keep(session, session.token, {"data": dict(session)}, now)
        else:
            session.token = secrets.token_urlsafe(32)
            _open(session, session.token, now)
            self._hand_over(app, session, session.token, response)

    def _hand_over(
        self, app: Flask, session: ServerSession, token: str, response: Response
    ) -> None:
        secure, office = app.config["SESSION_COOKIE_SECURE"], session.get("office")
        same_site = "Strict" if office else "Lax"
        response.set_cookie(
            self.get_cookie_name(app), token, httponly=True, secure=secure, samesite=same_site
        )
        if office:  # see access.bounce: a strict cookie does not come along from other sites
            response.set_cookie(AT_DESK, "1", httponly=True, secure=secure, samesite="Lax")


def _find(token: str) -> ServerSession:
    """A session from the future is over: nobody knows how long it was really quiet."""
    now = clock.now()
    with db.engine.connect() as connection:
        row = connection.execute(
            select(LoginSession.data, LoginSession.seen_at, LoginSession.ends_at).where(
                LoginSession.digest == digest(token),
                LoginSession.expires_at > now,
                LoginSession.seen_at <= now + CLOCKS_DIFFER,
            )
        ).one_or_none()
    return ServerSession(row.data, token, row.seen_at, row.ends_at) if row else ServerSession()


def _values(session: ServerSession, now: datetime) -> dict[str, Any]:
    quiet, longest = session.span
    session.ends_at = session.ends_at or now + longest
    return {
        "seen_at": now,
        "ends_at": session.ends_at,
        "expires_at": min(now + quiet, session.ends_at),
    }


def _open(session: ServerSession, token: str, now: datetime) -> None:
    account = session.get("_user_id")
    row = insert(LoginSession).values(
        digest=digest(token),
        data=dict(session),
        account_id=int(account) if account else None,
        created_at=now,
        device=session.get("device"),
        **_values(session, now),
    )
    with db.engine.begin() as connection:
        if session.replaced:
            connection.execute(
                delete(LoginSession).where(LoginSession.digest == digest(session.replaced))
            )
        connection.execute(row)


def _keep(session: ServerSession, token: str, more: dict[str, Any], now: datetime) -> None:
    """Write to a session that is still there: one that was ended meanwhile stays ended."""
    with db.engine.begin() as connection:
        connection.execute(
            update(LoginSession)
            .where(LoginSession.digest == digest(token))
            .values(**_values(session, now), **more)
        )


def remove_expired(now: datetime) -> int:
    """Delete the sessions whose time is over; returns how many."""
    with db.engine.begin() as connection:
        return connection.execute(
            delete(LoginSession).where(LoginSession.expires_at <= now)
        ).rowcount
