"""The token of our forms looks different in every answer, so compressed pages do not tell it."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from flask import Flask, g, session
from flask_wtf.csrf import CSRFProtect, generate_csrf


class FormTokens(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection with a disguise: pages carry a fresh mask and the token under it."""

    def init_app(self, app: Flask) -> None:
        """Protect an app, and let its pages ask for `csrf_token()`."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = form_token
        app.context_processor(lambda: {"csrf_token": form_token})

    def _get_csrf_token(self) -> str | None:
        secret = session.get("csrf_token")
        shown = unmasked(super()._get_csrf_token() or "")
        if not secret or not hmac.compare_digest(shown, secret.encode()):
            return None
        return str(generate_csrf())  # what Flask-WTF itself compares with the session


def form_token() -> str:
    """Return this session's token under the mask of this answer."""
    if "form_token" not in g:
        generate_csrf()  # puts the token into a session that has none
        g.form_token = masked(session["csrf_token"].encode())
    return str(g.form_token)


def masked(secret: bytes) -> str:
    """Return a secret under a mask drawn for it, with the mask before it."""
    mask = secrets.token_bytes(len(secret))
    return urlsafe_b64encode(mask + _under(mask, secret)).decode()


def unmasked(shown: str) -> bytes:
    """Return the secret under a mask; nothing if it is none."""
    try:
        both = urlsafe_b64decode(shown.encode())
    except (NotBase64, ValueError):
        return b""
    half = len(both) // 2
    return _under(both[:half], both[half:]) if len(both) == 2 * half else b""


def _under(mask: bytes, secret: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, secret, strict=True))
