"""Refusals of the API as problem+json (RFC 9457), in the sentences of the rules."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, g, json
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from matching.kernel.errors import DomainError, Invalid
from matching.kernel.logs import logger, where
from matching.web.errors import cannot_be_read

TITLES = {
    400: "Bad request",
    401: "A valid token is needed",
    403: "The token or its account may not do this",
    404: "Not there",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "It has changed since you read it",
    413: "Too large",
    415: "A JSON body is needed",
    422: "A value cannot be used",
    428: "If-Match is needed",
    429: "Too many requests",
    500: "Unexpected failure",
    503: "Out of service for a moment",
}


class Refused(Exception):
    """A call that cannot be answered; `errors` name the fields that are wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code = status, detail, code
        self.errors, self.headers = list(errors), dict(headers or {})


def wrong(field: str, detail: str) -> Refused:
    """Return the refusal of one field."""
    return Refused(
        422,
        "Some fields cannot be used.",
        code="fields",
        errors=[{"field": field, "detail": detail}],
    )


def answer(refused: Refused) -> Response:
    """Return a refusal as problem+json with an id that is in the log too."""
    error_id = secrets.token_hex(4)
    logger().info("api_refused", status=refused.status, error_id=error_id, code=refused.code)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(refused.status, "Refused"),
        "status": refused.status,
        "detail": refused.detail,
        "error_id": error_id,
    }
    if refused.code:
        body["code"] = refused.code
    if refused.errors:
        body["errors"] = refused.errors
    found = Response(json.dumps(body), refused.status, content_type="application/problem+json")
    found.headers.update(refused.headers)
    return found


def of_failure(error: Exception) -> Refused:
    """Return the refusal that a failure of any kind means to the caller."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, DomainError):
        field = error.field if isinstance(error, Invalid) else None
        errors = [{"field": field, "detail": error.sentence}] if field else []
        return Refused(error.status, error.sentence or TITLES[404], code=error.code, errors=errors)
    if isinstance(error, HTTPException):
        status = error.code or 500
        methods = getattr(error, "valid_methods", None)
        headers = {"Allow": ", ".join(sorted(methods))} if methods else {}
        return Refused(status, TITLES.get(status, error.name), headers=headers)
    return Refused(400, TITLES[400]) if cannot_be_read(error) else _of_outage(error)


def _of_outage(error: Exception) -> Refused:
    g.actor = None
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, OperationalError | InterfaceError):
        logger().warning("database_away", error=type(error).__name__)
        return Refused(503, "Please try again in a moment.", headers={"Retry-After": "10"})
    logger().error("unexpected", error=type(error).__name__, where=where(error), path="api")
    return Refused(500, "This was written down and will be looked at.")


def register(pages: Blueprint) -> None:
    """Answer every failure inside the API as problem+json."""
    pages.register_error_handler(Exception, lambda error: answer(of_failure(error)))
