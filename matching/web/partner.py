"""The page of a partner's desk: what was handed over, and the buttons to answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import partnering
from matching.activities.grouping import find_group_visit, people_of
from matching.activities.queries import Visit
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.needs import inbox
from matching.needs.inbox import Item
from matching.needs.referral_models import REFERRAL_MOVES
from matching.needs.referring import Step
from matching.people.disclosures import note_disclosure
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.forms import whole
from matching.web.intake_view import desk_line
from matching.web.offers_view import part_of_town
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import day, moment
from matching.web.visits import visit_line

pages = Blueprint("partner", __name__)

NUMBER = "<int:referral_id>"
SAVED = _("記録しました。")
MOVES = {
    "accepted": _("引き受けます"),
    "followed_up": _("その後のようすを知らせます"),
    "returned": _("お戻しします"),
}
STATES = {
    "handed_over": _("お返事をお願いします"),
    "accepted": _("引き受けました"),
    "followed_up": _("その後を知らせました"),
    "returned": _("お戻ししました"),
    "closed": _("終わりました"),
}
TONES = {"accepted": "done", "followed_up": "done", "returned": "neutral", "closed": "neutral"}


@pages.get("/partner")
@access("partner.read")
def home() -> str:
    """Show what was handed to my desk: what it is about and where, not yet who."""
    session, actor = db.session(), current_actor()
    items = [_line(each) for each in inbox.inbox(session, actor, clock.now())]
    return render_template(
        "partner/home.html",
        desk=desk_line(inbox.desk_of(session, actor.account_id)),
        group=partnering.group_of(session, actor.account_id),
        visits=[
            _visit(each)
            for each in partnering.visits_ahead(session, actor, clock.now())
            if each[0].need.headcount > 1
        ],
        waiting=[each for each in items if not each["over"]],
        over=[each for each in items if each["over"]],
        contact=None,
    )


def _visit(found: Visit) -> dict[str, Any]:
    placement, activity = found
    row = find_group_visit(db.session(), placement.id)
    named = people_of(row) if row else 0
    return visit_line(placement, activity) | {
        "leader": placement.volunteer.person.name,
        "people": named,
        "most": placement.need.headcount,
    }


def _line(item: Item) -> dict[str, Any]:
    row, receipt = item.referral, item.receipt
    over = row.state in inbox.OVER
    return {
        "id": row.id,
        "version": row.version,
        "number": item.need.reference,
        "over": over,
        "what": "" if over else wording.category(item.need.category_code),
        "where": "" if over else part_of_town(item.need),
        "state": str(STATES[row.state]),
        "tone": TONES.get(row.state, "waiting"),
        "handed": moment(row.handed_at),
        "seen": moment(receipt.seen_at) if receipt else None,
        "decided": moment(receipt.decided_at) if receipt and receipt.decided_at else None,
        "answer_by": day(row.next_on) if row.state == "handed_over" else "",
        "late": row.state == "handed_over" and row.next_on < clock.today(),
        "open": item.open,
        "moves": [(code, str(MOVES[code])) for code in MOVES if code in REFERRAL_MOVES[row.state]],
    }


@pages.post(f"/partner/referrals/{NUMBER}/seen")
@access("partner.answer")
def seen(referral_id: int) -> Response:
    """Say that a referral has arrived."""
    once("referral-seen", lambda work, who, now: inbox.see(work, referral_id, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("partner.home"))


@pages.post(f"/partner/referrals/{NUMBER}")
@access("partner.answer")
def answer(referral_id: int) -> Response:
    """Take it on, tell what became of it, or hand it back with the reason."""
    inbox.get_item(db.session(), referral_id, current_actor())
    state, said = request.form.get("state", ""), request.form.get("said", "")[:2000]
    if state not in MOVES:
        raise Invalid(gettext("どうするかを選んでください。"), field="state")
    step = Step(state, said, None, whole(request.form.get("version")))
    once("referral-answer", lambda work, who, now: inbox.answer(work, referral_id, step, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("partner.home"))


@pages.post(f"/partner/referrals/{NUMBER}/contact")
@access("partner.answer")
def contact(referral_id: int) -> str:
    """Show whom to call, which is written down; only of what was taken on, while they agree."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        person = inbox.contacts_of(work, referral_id, actor, now)
        item = inbox.get_item(work, referral_id, actor)
        note_disclosure(
            work, actor, person.id, ("need", item.need.id), "coordination", now,
            stage="L2", fields=("name", "phone"),
        )  # fmt: skip
        return render_template(
            "partner/home.html",
            desk=desk_line(item.referral.desk_code),
            group=None,
            visits=[],
            waiting=[_line(item)],
            over=[],
            contact={
                "id": referral_id,
                "name": person.name,
                "phone": person.phone or person.mobile,
            },
        )


@pages.post("/admin/accounts/<int:account_id>/desk")
@access("account.manage")
def seat(account_id: int) -> Response:
    """Let an account answer for a desk."""
    desk = request.form.get("desk", "")
    once("desk-seat", lambda work, who, now: inbox.seat(work, account_id, desk, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("admin_accounts.show", account_id=account_id))
