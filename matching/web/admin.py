"""For those who run the centre: who may do what, what waits, and what happened."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from matching.evaluation.health import findings
from matching.kernel import clock, outbox
from matching.kernel.database import db
from matching.kernel.permissions import ROLES, may
from matching.people import queries as people
from matching.places.reference import AREA_BY_CODE
from matching.records import standing
from matching.web.access import access, current_actor

pages = Blueprint("admin", __name__)


@pages.get("/admin")
@access("admin.read")
def home() -> str:
    """Show accounts with their roles and terms, and the health of the service."""
    session = db.session()
    rows = [
        {
            "login": account.login,
            "name": account.display_name,
            "role": ROLES[role.role],
            "area": AREA_BY_CODE[role.area_code].name if role.area_code else "全域",
            "starts_on": role.starts_on,
            "ends_on": role.ends_on,
        }
        for account in people.list_accounts(session)
        for role in account.roles
    ]
    return render_template(
        "admin/home.html",
        rows=rows,
        reasons=[
            *findings(current_app._get_current_object(), deploy=False),  # type: ignore[attr-defined]
            *standing.findings(session, clock.now(), [], deploy=False),
        ],
        waiting=outbox.pressure(session, clock.now()),
        travel=may(current_actor(), "travel.change"),
    )
