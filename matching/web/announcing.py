"""What stands above every page: the mode of the service, and notices for its reader."""

from __future__ import annotations

from typing import Any

from flask import current_app

import config as settings
from matching.kernel import clock
from matching.kernel.database import db
from matching.noticeboard.modes import MODES
from matching.noticeboard.queries import notices_for
from matching.noticeboard.switching import USUAL, newest
from matching.web.access import current_actor
from matching.web.noticeboard import text_of
from matching.web.registers import gettext


def announcements() -> dict[str, Any]:
    """Return the mode where it is not the usual one, and the texts for this reader."""
    session = db.session()
    switch = newest(session)
    mode = None
    if switch is not None and switch.mode != USUAL:
        mode = {"banner": gettext(MODES[switch.mode].banner), "since": switch.switched_at}
        mode["icon"] = "snowflake" if switch.mode == "snow" else "triangle-alert"
    told = notices_for(session, current_actor(), clock.now())
    return {"mode": mode, "notices": [text_of(notice) for notice in told]}


def trial() -> dict[str, Any] | None:
    """Return what a demo says of itself: nothing in it is real, and whether its clock stands."""
    config: settings.Config = current_app.extensions["musubi"]
    if not config.demo:
        return None
    return {"stands_at": clock.now() if config.frozen_now else None}
