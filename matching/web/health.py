"""For operators: alive, ready, figures, and whom to tell about a weakness."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any

import redis
from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from matching.kernel import clock, outbox
from matching.kernel.database import db
from matching.records.standing import key_troubles
from matching.web import metrics
from matching.web.access import access

pages = Blueprint("health", __name__)
LATE_SECONDS = 60


@pages.get("/healthz")
@access("metrics.read")
def healthz() -> Response:
    """Say that the process is alive; asks nobody else."""
    return jsonify(status="ok")


@pages.get("/readyz")
@access("metrics.read")
def readyz() -> tuple[Response, int]:
    """Say whether people can be served; without the broker we are slower, not away."""
    checks: dict[str, str] = {"database": _database(), "broker": _broker()}
    if checks["database"] == "ok":
        checks["migrations"] = _migrations()
        checks["keys"] = _keys() if checks["migrations"] == "ok" else "unknown"
    ready = {checks["database"], checks.get("migrations"), checks.get("keys")} == {"ok"}
    if ready:
        checks["jobs"] = _jobs()
    status = "ok" if ready else "unavailable"
    if ready and {checks["broker"], checks["jobs"]} != {"ok"}:
        status = "degraded"
    return jsonify(status=status, **checks), 200 if ready else 503


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return "away"
    return "ok"


def _keys() -> str:
    """Wrong when what is sealed cannot be opened; the reasons are for `musubi doctor` to tell."""
    return "wrong" if key_troubles(db.session()) else "ok"


def _jobs() -> str:
    """Late when something has waited for long: then relay, worker or beat is missing."""
    waited = outbox.pressure(db.session(), clock.now())["oldest_seconds"]
    return "late" if waited > LATE_SECONDS else "ok"


def _broker() -> str:
    url: str = current_app.extensions["musubi"].redis_url
    try:
        redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1).ping()
    except redis.RedisError:
        return "away"
    return "ok"


def _migrations() -> str:
    from matching.migrating import pending

    try:
        return "pending" if pending() else "ok"
    except SQLAlchemyError:
        db.session.rollback()
        return "pending"


@pages.get("/metrics")
@access("metrics.read")
def metrics_page() -> Any:
    """Give the figures to this machine, or to who brings the token."""
    token = current_app.extensions["musubi"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    shown = hmac.compare_digest(given.encode(), token.encode()) if token else _from_here()
    if not shown:
        abort(404)
    return Response(metrics.render(db.session(), clock.now()), content_type=CONTENT_TYPE_LATEST)


def _from_here() -> bool:
    """Whether this machine asks, and not somebody through a proxy on it."""
    through = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return not through and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104  # nosec B104


@pages.get("/.well-known/security.txt")
@access("metrics.read")
def security_txt() -> Response:
    """Say whom to tell about a weakness."""
    base = current_app.extensions["musubi"].base_url
    expires = clock.now().replace(microsecond=0, month=1, day=1, year=clock.now().year + 1)
    body = (
        "Contact: mailto:security@example.jp\n"
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}\n"
        "Preferred-Languages: ja, en\n"
        f"Canonical: {base}/.well-known/security.txt\n"
    )
    return Response(body, content_type="text/plain; charset=utf-8")
