"""What a calendar reads: a person's visits at an address nobody can guess, until it is revoked."""

from __future__ import annotations

import hashlib

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from matching.kernel import clock
from matching.kernel.database import db
from matching.messaging import feeding, icalendar_words
from matching.web.access import access

pages = Blueprint("calendar_feed", __name__)


@pages.get("/calendar/<token>.ics")
@access("calendar.feed")
def read(token: str) -> Response:
    """Give the visits behind an address; 304 while they are the same, 404 once it is over."""
    session, now = db.session(), clock.now()
    person = feeding.owner_of(session, token, now)
    body = icalendar_words.write(session, person, current_app.extensions["musubi"].base_url, now)
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.headers["Content-Disposition"] = 'attachment; filename="musubi.ics"'
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer.make_conditional(request)
