"""Addresses that the API does not have, and methods that an address does not take."""

from __future__ import annotations

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from matching.api.calls import pages
from matching.api.problems import TITLES, Refused
from matching.web.access import access

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


@pages.route("/<path:rest>", methods=METHODS)
@access("api.call")
def nowhere(rest: str) -> Response:
    """Tell an unknown address from a method that an address does not take."""
    taken = [method for method in METHODS if _leads_somewhere(method)]
    if taken:
        raise Refused(405, TITLES[405], headers={"Allow": ", ".join(taken)})
    raise Refused(404, TITLES[404])


def _leads_somewhere(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        found = adapter.match(request.path, method=method) if adapter else ("", {})
    except HTTPException:
        return False
    return bool(found[0]) and found[0] != request.endpoint
