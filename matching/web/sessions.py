"""Server-side sessions: rows in PostgreSQL, a random token in the cookie, only its digest kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.datastructures import CallbackDict

from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.logs import logger
from matching.people.models import LoginSession
from matching.web import errors

LIFETIME = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
# Addresses that never ask who is there: the session is opened before the route is known.
SESSIONLESS = ("/static/", "/style-", "/healthz", "/readyz", "/metrics", "/.well-known/", "/api/")


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The data of one browser's session; `rotate()` gives it a new token on a change of rights."""

    def __init__(self, data: dict[str, Any], token: str | None, seen_at: datetime | None) -> None:
        super().__init__(data, on_update=self._changed)
        self.token = token
        self.seen_at = seen_at
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
        self.replaced, self.token, self.modified = self.token, None, True


class DatabaseSessions(SessionInterface):
    """Opens and saves sessions in their table."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, bound to the host where https allows it."""
        return "__Host-musubi" if app.config["SESSION_COOKIE_SECURE"] else "musubi"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Find the session of the cookie; an unknown or expired one is a new, empty one."""
        token = request.cookies.get(self.get_cookie_name(app))
        if not token or request.path.startswith(SESSIONLESS):
            return ServerSession({}, None, None)
        try:
            return _find(token)
        except (OperationalError, InterfaceError):
            # No error page is possible this early: the guard before the view gives it.
            session = ServerSession({}, None, None)
            session.away = True
            return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed and hand the browser its token."""
        assert isinstance(session, ServerSession)  # noqa: S101 - the interface's own type
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
            if session.token and session.seen_at and now - session.seen_at > TOUCH_EVERY:
                _touch(session.token, now)
            return
        fresh = session.token is None
        session.token = session.token or secrets.token_urlsafe(32)
        _store(session, session.token, now)
        if fresh:
            response.set_cookie(
                self.get_cookie_name(app),
                session.token,
                httponly=True,
                secure=app.config["SESSION_COOKIE_SECURE"],
                samesite="Lax",
                path="/",
            )


def _find(token: str) -> ServerSession:
    with db.engine.connect() as connection:
        row = connection.execute(
            select(LoginSession.data, LoginSession.seen_at).where(
                LoginSession.digest == digest(token), LoginSession.expires_at > clock.now()
            )
        ).one_or_none()
    if row is None:
        return ServerSession({}, None, None)
    return ServerSession(row.data, token, row.seen_at)


def digest(token: str) -> str:
    """Return what is kept of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _store(session: ServerSession, token: str, now: datetime) -> None:
    account = session.get("_user_id")
    values = {
        "data": dict(session),
        "account_id": int(account) if account else None,
        "seen_at": now,
        "expires_at": now + LIFETIME,
    }
    with db.engine.begin() as connection:
        if session.replaced:
            connection.execute(
                delete(LoginSession).where(LoginSession.digest == digest(session.replaced))
            )
        connection.execute(
            insert(LoginSession)
            .values(digest=digest(token), created_at=now, **values)
            .on_conflict_do_update(index_elements=[LoginSession.digest], set_=values)
        )


def _touch(token: str, now: datetime) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            update(LoginSession)
            .where(LoginSession.digest == digest(token))
            .values(seen_at=now, expires_at=now + LIFETIME)
        )


def remove_expired(now: datetime) -> int:
    """Delete the sessions whose time is over; returns how many."""
    with db.engine.begin() as connection:
        return connection.execute(
            delete(LoginSession).where(LoginSession.expires_at <= now)
        ).rowcount
