"""What the gateways spoken to by HTTP share: one bounded call, and what an answer means."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from matching.messaging.gateways import Away, Later, Outcome, Refused

SECONDS = 10.0
LONGEST_PAUSE = timedelta(hours=6)
MOST_BYTES = 100_000


def call(url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> httpx.Response | Away:
    """Post JSON once; no proxy, no redirect. A service that cannot be reached is `Away`."""
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
            return client.post(url, headers=dict(headers), json=body)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        return Away(type(failure).__name__)


def failure_of(answer: httpx.Response, now: datetime) -> Outcome:
    """Return what an answer that is no success means, as far as all services agree."""
    status = answer.status_code
    if status == 429:
        return Away("429", pause_of(answer.headers.get("Retry-After"), now))
    if status in (401, 403):
        return Away(str(status))  # our token: no message is to blame
    if status == 503 and "Retry-After" in answer.headers:
        return Away("503", pause_of(answer.headers["Retry-After"], now))
    if status >= 500 or status == 408:
        return Later(str(status))
    return Refused(str(status))


def pause_of(written: str | None, now: datetime) -> timedelta | None:
    """Return the pause that Retry-After asks for, in seconds or as a date; None where it says none.

    Nobody makes us wait for longer than six hours.
    """
    if not written:
        return None
    if written.strip().isascii() and written.strip().isdigit():
        return min(timedelta(seconds=min(int(written), 10**6)), LONGEST_PAUSE)
    try:
        until = email.utils.parsedate_to_datetime(written)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max(until - now, timedelta(seconds=1)), LONGEST_PAUSE)


def told(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of an answer; empty where there is none."""
    if len(answer.content) > MOST_BYTES:
        return {}
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
