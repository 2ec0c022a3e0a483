"""Passkeys in a page: what the browser is asked, and where its answer is checked."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app, request, session
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from matching.kernel.database import db
from matching.people import passkeys
from matching.people.passkeys import Party, Question
from matching.web.access import current_actor

CHALLENGE = "passkey_challenge"


def relying_party() -> Party | None:
    """Return whom passkeys are for; None where people reach us by a bare address.

    On the machine itself `localhost` is a name too. No other host that a request names is believed.
    """
    base = current_app.extensions["musubi"].base_url
    host = urlsplit(base).hostname or ""
    if not _is_address(host):
        return Party(host, base)
    if ip_address(host).is_loopback and urlsplit(request.host_url).hostname == "localhost":
        return Party("localhost", request.host_url.rstrip("/"))
    return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def ask_for_key(account_id: int) -> str | None:
    """Return the options for using a passkey; None for an account without one."""
    party = relying_party()
    question = passkeys.ask(db.session(), account_id, party) if party else None
    return _remembered(question) if question else None


def offer_key() -> str | None:
    """Return the options for making a passkey; None where there can be none."""
    party = relying_party()
    return _remembered(passkeys.offer(db.session(), current_actor(), party)) if party else None


def _remembered(question: Question) -> str:
    session[CHALLENGE] = bytes_to_base64url(question.challenge)
    return question.options


def brings_key(work: Session, account_id: int, answer: str, now: datetime) -> bool:
    """Tell whether the answer is to the question this session asked last; each is asked once."""
    challenge, party = session.pop(CHALLENGE, None), relying_party()
    if challenge is None or party is None:
        return False
    return passkeys.check(work, account_id, party, base64url_to_bytes(challenge), answer, now)


def keep_key(work: Session, answer: str, name: str, now: datetime) -> list[str] | None:
    """Keep the passkey that was made for the question this session asked last."""
    challenge, party = session.pop(CHALLENGE, None), relying_party()
    if challenge is None or party is None:
        return None
    asked = base64url_to_bytes(challenge)
    return passkeys.enrol(work, current_actor(), party, asked, answer, name, now)
