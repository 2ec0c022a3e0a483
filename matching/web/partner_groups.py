"""The list of a group on the page of its own log-in: its visits to come, and who comes along."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import partnering
from matching.kernel import clock
from matching.kernel.database import db
from matching.web.access import access, current_actor
from matching.web.group_visits import list_facts, read_roster
from matching.web.sending import once
from matching.web.visits import NUMBER

pages = Blueprint("partner_groups", __name__)

SAVED = _("名簿を記録しました。")


@pages.get(f"/partner/activities/{NUMBER}/group")
@access("partner.read")
def show(placement_id: int) -> str:
    """Show the list of my group for one visit to come; who is visited is not told."""
    found = partnering.get_ahead(db.session(), placement_id, current_actor(), clock.now())
    return render_template(
        "people/group_visit.html", **list_facts(*found, "/partner"), back="/partner"
    )


@pages.post(f"/partner/activities/{NUMBER}/group")
@access("partner.answer")
def keep(placement_id: int) -> Response:
    """Write the list of my group down."""
    partnering.get_ahead(db.session(), placement_id, current_actor(), clock.now())
    roster = read_roster(request.form)
    once(
        "group",
        lambda work, who, now: partnering.bring_own(work, placement_id, roster, who, now),
    )
    flash(str(SAVED), "success")
    return redirect(f"/partner/activities/{placement_id}/group")


@pages.post("/admin/accounts/<int:account_id>/group")
@access("account.manage")
def speak_for(account_id: int) -> Response:
    """Let an account speak for a group."""
    group = request.form.get("group", "")
    once(
        "group-agent",
        lambda work, who, now: partnering.speak_for(work, account_id, group, who, now),
    )
    flash(str(_("記録しました。")), "success")
    return redirect(f"/admin/accounts/{account_id}")
