"""The manager's approval of what is risky, on the need page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.kernel import clock
from matching.kernel.errors import Invalid
from matching.kernel.permissions import may
from matching.needs.approval_models import APPROVAL_STATES
from matching.needs.approving import decide_approval, find_approval
from matching.needs.models import Need
from matching.people.models import Account
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import moment

pages = Blueprint("approvals", __name__)

TONES = {"asked": "warning", "approved": "done", "refused": "danger"}
SAVED = {"yes": _("承認しました。"), "no": _("見送りました。理由は困りごとの画面に残ります。")}


def approval_of(session: Session, need: Need) -> dict[str, Any] | None:
    """Return what the need page shows of an approval; None where none is wanted."""
    row = find_approval(session, need.id)
    if row is None:
        return None
    by = session.get(Account, row.decided_by_id) if row.decided_by_id else None
    return {
        "state": row.state,
        "label": gettext(APPROVAL_STATES[row.state]),
        "tone": TONES[row.state],
        "reason": row.reason if row.state != "asked" else None,
        "by": by.display_name if by else "",
        "at": moment(row.decided_at),
        "may_decide": row.state == "asked" and may(current_actor(), "need.approve"),
        "asked_at": clock.local(row.asked_at).date(),
    }


@pages.post("/desk/needs/<reference>/approval")
@access("need.approve")
def decide(reference: str) -> Response:
    """Approve a need of the third level of risk, or not, with the reason."""
    said, reason = request.form.get("decision", ""), request.form.get("reason", "")
    if said not in SAVED:
        raise Invalid(gettext("承認するか、見送るかを選んでください。"), field="decision")
    once(
        "approval",
        lambda work, who, now: decide_approval(work, reference, said == "yes", reason, who, now),
    )
    flash(str(SAVED[said]), "success")
    return redirect(url_for("needs.show", reference=reference))
