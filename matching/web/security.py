"""Headers on every answer: a strict content policy, and no word of where people came from."""

from __future__ import annotations

from flask import Response, current_app, request

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONLY_HTTPS = "max-age=63072000; includeSubDomains"


def add_headers(response: Response) -> Response:
    """Set the headers; pages are never kept by shared caches, static files are."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in {"static", "stylesheet"} or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure or current_app.extensions["musubi"].secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", ONLY_HTTPS)
    return response
