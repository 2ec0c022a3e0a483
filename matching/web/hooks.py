"""Where LINE and the gateway for short messages tell us things; a signature opens the door."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

import config as settings
from matching.kernel import clock
from matching.kernel.database import transaction
from matching.kernel.errors import NotFound
from matching.kernel.logs import logger
from matching.messaging import hooks
from matching.web.access import access

pages = Blueprint("hooks", __name__)
MOST_BYTES = 256 * 1024
MOST_EVENTS = 100


@pages.post("/hooks/line")
@access("hook.receive")
def line() -> Response:
    """Take in the events of LINE; a wrong signature changes nothing."""
    gateway = _config().gateways.line
    if gateway is None:
        raise NotFound
    body = _body()
    if body is None or not hooks.line_signed(
        gateway.secret, body, request.headers.get("X-Line-Signature", "")
    ):
        return _refused("line")
    events = _object(body).get("events")
    for event in (events if isinstance(events, list) else [])[:MOST_EVENTS]:
        if isinstance(event, dict):
            with transaction() as work:
                result = hooks.hear_line(work, event, clock.now())
            logger().info("hook_heard", kind="line", reason=result)
    return Response(status=200)


@pages.post("/hooks/sms")
@access("hook.receive")
def sms() -> Response:
    """Take in a delivery report."""
    gateway, now = _config().gateways.sms, clock.now()
    if gateway is None:
        raise NotFound
    body = _body()
    stamp, signature = (
        request.headers.get("X-Timestamp", ""),
        request.headers.get("X-Signature", ""),
    )
    if body is None or not hooks.sms_signed(gateway.secret, body, stamp, signature, now):
        return _refused("sms")
    with transaction() as work:
        result = hooks.hear_sms(work, _object(body), now)
    logger().info("hook_heard", kind="sms", reason=result)
    return Response(status=200)


def _config() -> settings.Config:
    config: settings.Config = current_app.extensions["musubi"]
    return config


def _body() -> bytes | None:
    """The body as it was signed; None where it is larger than any event."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    return request.get_data(cache=False)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _refused(kind: str) -> Response:
    logger().warning("hook_refused", kind=kind)
    return Response(status=403)
