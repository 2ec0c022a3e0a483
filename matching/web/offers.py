"""The desk asks: whom, for which visits, by which channel; then types what was said."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.coordination import agreeing, queries
from matching.coordination.answering import Answer, answer
from matching.coordination.contacting import list_contacts
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.rules import CHANNELS, CONTACT_OUTCOMES, DECLINE_REASONS, SENT_BY_US
from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.needs import queries as needs
from matching.people.disclosures import note_disclosure
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.needs import read_choice
from matching.web.needs_view import WHOLE_PLAN
from matching.web.offers_view import offer_line, placement_span
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import moment

pages = Blueprint("offers", __name__)

SENT = _("お願いを送りました。返事があると、ここと「今日の仕事」に出ます。")
NOTED = _("記録しました。")
NUMBER = "<int:proposal_id>"


@pages.post(f"/desk/proposals/{NUMBER}/offer")
@access("offer.make")
def ask(proposal_id: int) -> Response:
    """Ask a volunteer; by phone the script opens, otherwise a message leaves."""
    actor, now = current_actor(), clock.now()
    channel = request.form.get("channel", "phone")
    if channel not in CHANNELS:
        raise Invalid(gettext("連絡の方法を選んでください。"), field="channel")
    with transaction() as work:

        def make() -> str:
            proposal = queries.get_proposal(work, proposal_id, actor)
            choices = _choices(proposal, request.form.get("slot", ""))
            return str(offer(work, proposal_id, choices, channel, actor, now).id)

        number = int(replies.once(work, accept("offer"), now, make))
    if channel in SENT_BY_US:
        flash(str(SENT), "success")
    return redirect(url_for("offers.show", proposal_id=number))


def _choices(proposal: Proposal, slot: str) -> list[Choice]:
    if slot != WHOLE_PLAN:
        return [read_choice(slot)]
    return [
        read_choice(f"{each['on']}T{each['planned'] // 60:02d}:{each['planned'] % 60:02d}")
        for each in proposal.slots
        if each["planned"] is not None
    ]


@pages.get(f"/desk/proposals/{NUMBER}")
@access("offer.make")
def show(proposal_id: int) -> str:
    """Show what to say on the phone, and the buttons for what was said."""
    session, actor = db.session(), current_actor()
    proposal = queries.get_proposal(session, proposal_id, actor)
    need = needs.get_need(session, proposal.need.reference if proposal.need else "", actor)
    placements = [
        each
        for each in queries.list_placements(session, need_id=need.id, actor=actor)
        if each.proposal_id == proposal.id
    ]
    with transaction() as work:
        for person_id in (need.requester_id, proposal.volunteer.person_id):
            note_disclosure(
                work, actor, person_id, ("proposal", proposal_id), "coordination", clock.now()
            )
    return render_template(
        "desk/offer.html",
        proposal=proposal,
        need=need,
        person=queries.person_of(session, proposal),
        line=offer_line(proposal, need),
        held=[
            placement_span(each.starts_at, each.ends_at)
            for each in placements
            if each.state == "held"
        ],
        settled=[
            placement_span(each.starts_at, each.ends_at)
            for each in placements
            if each.state != "held"
        ],
        reasons=DECLINE_REASONS,
        channels=CHANNELS,
        attempts=[
            {
                "at": moment(each.contacted_at),
                "channel": gettext(CHANNELS[each.channel]),
                "outcome": gettext(CONTACT_OUTCOMES[each.outcome]),
            }
            for each in list_contacts(session, need.id)
            if each.proposal_id == proposal.id
        ],
    )


@pages.post(f"/desk/proposals/{NUMBER}/answer")
@access("offer.make")
def take_down(proposal_id: int) -> Response:
    """Type what a volunteer said, or that nobody answered."""
    given = _given(request.form)
    once("answer", lambda work, who, now: answer(work, proposal_id, given, who, now))
    return _noted(proposal_id)


@pages.post(f"/desk/proposals/{NUMBER}/resident")
@access("offer.make")
def resident(proposal_id: int) -> Response:
    """Type whether the resident agrees to the person who would come."""
    said, channel = request.form.get("said", "")[:2000], request.form.get("channel", "phone")
    agreed = request.form.get("kind")
    if agreed not in {"yes", "no"} or channel not in CHANNELS:
        raise Invalid(gettext("どうなったかを選んでください。"), field="kind")
    use_case = agreeing.resident_agrees if agreed == "yes" else agreeing.resident_declines
    once("resident", lambda work, who, now: use_case(work, proposal_id, channel, said, who, now))
    return _noted(proposal_id)


def _given(form: Any) -> Answer:
    channel = form.get("channel", "phone")
    if channel not in CHANNELS:
        raise Invalid(gettext("連絡の方法を選んでください。"), field="channel")
    return Answer(
        form.get("kind", ""), channel, form.get("reason") or None, form.get("said", "")[:2000]
    )


def _noted(proposal_id: int) -> Response:
    flash(str(NOTED), "success")
    return redirect(url_for("offers.show", proposal_id=proposal_id))
