"""A volunteer answers: on my page, or by the link of a message; looking changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.coordination import queries
from matching.coordination.answering import Answer, answer
from matching.coordination.links import find_link
from matching.coordination.models import Proposal
from matching.coordination.rules import DECLINE_REASONS
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid, NotFound
from matching.volunteers import queries as volunteers
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.offers_view import offer_line
from matching.web.registers import gettext

pages = Blueprint("answers", __name__)

# What is said back, by how the offer then stands.
THANKS = {
    "accepted": _("ありがとうございます。ご本人に確かめてから、センターがくわしくお知らせします。"),
    "waitlisted": _(
        "ありがとうございます。今回は先に決まりましたが、"
        "取りやめが出たときは、まっさきにお知らせします。"
    ),
    "declined": _("お知らせありがとうございます。今回は都合が合いませんでした。またお願いします。"),
    "contacted": _("わかりました。センターからお電話します。"),
}


@pages.get("/my/offers")
@access("my.read")
def offers() -> str:
    """Show what the centre is asking me now."""
    session = db.session()
    volunteer = volunteers.find_of_person(session, current_actor().person_id)
    found = queries.list_offers(session, volunteer.id) if volunteer else []
    return render_template(
        "my/offers.html",
        offers=[offer_line(each, each.need) for each in found if each.need],
        reasons=DECLINE_REASONS,
    )


@pages.post("/my/offers/<int:proposal_id>")
@access("my.answer")
def give(proposal_id: int) -> Response:
    """Answer an offer on my page: one of my own, whatever else I may do at the desk."""
    actor = current_actor()
    with transaction() as work:
        asked = queries.get_offer(work, proposal_id, actor).volunteer.person_id
        if actor.person_id is None or asked != actor.person_id:
            raise NotFound
        result = replies.once(
            work,
            accept("my-answer"),
            clock.now(),
            lambda: answer(work, proposal_id, _given("web"), actor, clock.now()).state,
        )
    flash(str(THANKS.get(result, THANKS["contacted"])), "success")
    return redirect(url_for("answers.offers"))


@pages.get("/answer/<token>")
@pages.get("/a/<token>")  # the same, for short messages
@access("offer.answer_by_link")
def look(token: str) -> str:
    """Show the offer behind a link; whoever or whatever opens it changes nothing."""
    link = find_link(db.session(), token, clock.now())
    return _page(queries.get_with_need(db.session(), link.proposal_id), token)


@pages.post("/answer/<token>")
@access("offer.answer_by_link")
def give_by_link(token: str) -> str:
    """Answer by the link; it is good for one answer."""
    now = clock.now()
    with transaction() as work:
        link = find_link(work, token, now)
        proposal = queries.get_with_need(work, link.proposal_id)
        if link.used_at is None:
            given = _given("web")
            actor = Actor(("volunteer",), person_id=proposal.volunteer.person_id)
            answer(work, proposal.id, given, actor, now)
            link.used_at = now if given.kind != "talk" else None
    return _page(queries.get_with_need(db.session(), link.proposal_id), token, answered=True)


def _page(proposal: Proposal, token: str, *, answered: bool = False) -> str:
    line: dict[str, Any] = offer_line(proposal, proposal.need) if proposal.need else {}
    return render_template(
        "my/answer.html",
        offer=line,
        token=token,
        thanks=THANKS.get(proposal.state) if answered else None,
        reasons=DECLINE_REASONS,
    )


def _given(channel: str) -> Answer:
    kind = request.form.get("kind", "")
    if kind not in {"yes", "no", "talk"}:
        raise Invalid(gettext("お返事を選んでください。"), field="kind")
    return Answer(kind, channel, request.form.get("reason") or None)
