"""The one table from what went wrong to a kind page in the reader's language."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, g, json, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from matching.kernel.errors import Conflict, DomainError, NotFound, TooMany
from matching.kernel.logs import logger, where
from matching.web.refusals import said

Answer = tuple[str, int, dict[str, str]]

PAGES = {400, 403, 404, 409, 413, 429, 500, 503}
RETRY_AFTER = {429: "900", 503: "10"}
SECRET_FIELDS = {"csrf_token", "password", "again", "current", "confirm_password", "code"}
# What is worth showing when it is given back; the rest travels unseen.
KEPT_LABELS = {
    "title": _("困っていること"),
    "note": _("知っておいてほしいこと"),
    "reason": _("理由・メモ"),
    "next_action": _("次にすること"),
    "requester_name": _("お名前"),
    "name": _("お名前"),
    "address": _("住所"),
    "dates_off": _("行けない日"),
    "people": _("名簿"),
    "said": _("書いたこと"),
    "body": _("書いたこと"),
}


def register(app: Flask) -> None:
    """Connect every kind of failure to its page."""
    app.register_error_handler(CSRFError, _session_over)
    app.register_error_handler(401, _session_over)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, *, template: str | None = None, **context: object) -> Answer:
    """Render the page of a status with an error id that is in the log too."""
    error_id = secrets.token_hex(4)
    logger().info("refused", status=status, error_id=error_id, path=_route(), method=request.method)
    if request.path.startswith("/api/"):
        return _problem(status, error_id)
    name = template or f"errors/{status if status in PAGES else 400 if status < 500 else 500}.html"
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    return render_template(name, error_id=error_id, status=status, **context), status, headers


def _problem(status: int, error_id: str) -> Answer:
    """What a program is told where no call of the API was reached (RFC 9457)."""
    title = HTTP_STATUS_CODES.get(status, "Refused")
    told = {"type": "about:blank", "title": title, "status": status, "detail": title}
    body = json.dumps(told | {"error_id": error_id})
    return body, status, {"Content-Type": "application/problem+json"}


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "-"


def typed_fields() -> list[dict[str, str]]:
    """Return what was typed, so that a page can give it back; secrets are never repeated."""
    return [
        {"name": name, "label": KEPT_LABELS.get(name, ""), "value": value}
        for name, values in request.form.lists()
        if name not in SECRET_FIELDS
        for value in values
    ]


def _session_over(_error: Exception) -> Answer:
    return page(
        400, template="errors/session_expired.html", kept=typed_fields(), action=request.path
    )


def _conflict(error: Conflict) -> Answer:
    kept, back = typed_fields(), _came_from()
    return page(error.status, message=said(error), kept=kept, latest_href=back, back_href=back)


def _came_from() -> str:
    """The page of ours that the form was on."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    own = parts.netloc == request.host and parts.path.startswith("/")
    return parts.path if own and not parts.path.startswith("//") else "/"


def _not_found(_error: NotFound) -> Answer:
    return page(404)  # the same page as for an address that does not exist


def _too_many(error: TooMany) -> Answer:
    kept = typed_fields() if "request_key" in request.form else []
    sentence = said(error)
    return page(error.status, wait_text=sentence, kept=kept, action=request.path)


def _refused(error: DomainError) -> Answer:
    return page(error.status, message=said(error), kept=typed_fields(), back_href=_came_from())


def _database_away(error: Exception) -> Answer:
    logger().warning("database_away", error=type(error).__name__)
    g.actor = None  # the page must not ask the database who reads it
    return page(503)


def _database_error(error: DBAPIError) -> Answer:
    if error.connection_invalidated:
        return _database_away(error)
    return _unexpected(error)


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    body, code, headers = page(status)
    methods = getattr(error, "valid_methods", None)
    return body, code, headers | ({"Allow": ", ".join(sorted(methods))} if methods else {})


def cannot_be_read(error: Exception) -> bool:
    """Whether the web server found that a request's body is not what its headers promise."""
    return type(error).__module__ == "gunicorn.http.errors"


def _unexpected(error: Exception) -> Answer:
    if cannot_be_read(error):
        return page(400)
    logger().error("unexpected", error=type(error).__name__, where=where(error), path=_route())
    if isinstance(error, DBAPIError):
        g.actor = None
    return page(500)
