"""For those who run the centre: who may do what, what waits, and what happened."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from matching.evaluation.health import findings
from matching.kernel import clock, outbox
from matching.kernel.database import db
from matching.kernel.permissions import may
from matching.records import standing
from matching.web.access import access, current_actor

pages = Blueprint("admin", __name__)


@pages.get("/admin")
@access("admin.read")
def home() -> str:
    """Show the health of the service, and where it is set up."""
    session = db.session()
    return render_template(
        "admin/home.html",
        reasons=[
            *findings(current_app._get_current_object(), deploy=False),  # type: ignore[attr-defined]
            *standing.findings(session, clock.now(), [], deploy=False),
        ],
        waiting=outbox.pressure(session, clock.now()),
        travel=may(current_actor(), "travel.change"),
    )
