"""What all our forms share: the key that makes sending twice harmless, rules' words at fields."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import request, session
from flask_wtf import FlaskForm

from matching.kernel.errors import Invalid
from matching.kernel.typed import row_number
from matching.web.refusals import said

LONGEST_KEY = 100


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose rules may refuse with a sentence that belongs to one of its fields."""

    def refuse(self, refused: Invalid) -> None:
        """Put a rule's sentence where the answer was typed, or above the form."""
        field: Any = self._fields.get(refused.field or "")
        sentence = said(refused)
        if field is None:
            self.form_errors = [sentence]
        else:
            field.errors = [*field.errors, sentence]


def whole(typed: str | None, otherwise: int = 0) -> int:
    """Return a whole number that was sent, of a size that a column holds."""
    number = row_number(typed or "")
    return otherwise if number is None else number


def accept(kind: str) -> str:
    """Return the key of this sending, bound to this browser; a form without one counts as new."""
    typed = request.form.get("request_key", "")
    key = typed if 0 < len(typed) <= LONGEST_KEY else secrets.token_urlsafe(16)
    return f"{kind}:{browser()}:{key}"


def browser() -> str:
    """Return a name for this browser's session, fixed when its first form was handed out.

    The secret behind the CSRF token is that: without it no form gets this far.
    """
    return hashlib.sha256(str(session.get("csrf_token", "")).encode()).hexdigest()[:24]


def give_back() -> str:
    """Return the key that came with the form, so that a mended one is still the same sending."""
    return request.form.get("request_key", "")[:LONGEST_KEY] or secrets.token_urlsafe(16)
