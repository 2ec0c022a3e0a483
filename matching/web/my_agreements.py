"""A resident says whether somebody may come: on my page, instead of a call from the desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.coordination import agreeing
from matching.coordination.queries import get_to_agree
from matching.kernel.database import db
from matching.kernel.errors import Invalid, NotFound
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once

pages = Blueprint("my_agreements", __name__)

SAID = {
    "yes": _("ありがとうございます。この方がうかがいます。"),
    "no": _("わかりました。別の方をさがします。"),
}
ACTS = {"yes": agreeing.resident_agrees, "no": agreeing.resident_declines}


@pages.post("/my/agreements/<int:proposal_id>")
@access("my.answer")
def say(proposal_id: int) -> Response:
    """Write down my yes or no to who would come to me; nobody else's."""
    proposal = get_to_agree(db.session(), proposal_id, current_actor())
    if proposal.need is None or proposal.need.requester_id != current_actor().person_id:
        raise NotFound
    kind = request.form.get("kind", "")
    if kind not in ACTS:
        raise Invalid(gettext("お返事を選んでください。"), field="kind")
    once(
        "agree",
        lambda work, who, now: ACTS[kind](work, proposal_id, "web", "", who, now),
    )
    flash(str(SAID[kind]), "success")
    return redirect(url_for("my.home"))
