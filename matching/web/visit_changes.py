"""A visit changes at the desk: somebody cannot come, a substitute is phoned, two people swap."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import (
    leaving,
    queries,
    relocating,
    rescheduling,
    substituting,
    swapping,
)
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.kernel.outbox import is_waiting
from matching.people.disclosures import note_disclosure
from matching.web.access import access, current_actor
from matching.web.offers_view import placement_span
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.visits import NUMBER, visit_line

pages = Blueprint("visit_changes", __name__)

CALLED_OFF = _("取りやめにしました。電話する相手が「今日の仕事」に出ています。")
MOVED = _("日時を変えました。お二人にお知らせを送ります。")
ELSEWHERE = _("場所を変えました。お二人にお知らせを送ります。")
SWAPPED = _("交代しました。お二人への電話が「今日の仕事」に出ています。")


@pages.post(f"/desk/activities/{NUMBER}/call-off")
@access("activity.call_off")
def call_off(placement_id: int) -> Response:
    """Call one visit off for the side that cannot."""
    side, reason = request.form.get("side", ""), request.form.get("reason", "")[:200]
    once(
        "call-off",
        lambda work, who, now: leaving.call_off(work, placement_id, side, reason, who, now),
    )
    flash(str(CALLED_OFF), "success")
    if side == "volunteer":
        return redirect(url_for("visit_changes.substitutes", placement_id=placement_id))
    return redirect(url_for("visits.show", placement_id=placement_id))


@pages.get(f"/desk/activities/{NUMBER}/substitutes")
@access("need.candidates")
def substitutes(placement_id: int) -> str:
    """Show who could take a visit over, with the number to phone, the best first."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        placement, activity = queries.get_visit(work, placement_id, actor)
        open_still = now < placement.starts_at and not substituting.is_filled_again(work, placement)
        found = substituting.substitutes(work, placement, now) if open_still else []
        for person_id in [each.volunteer.person_id for each in found]:
            note_disclosure(
                work, actor, person_id, ("placement", placement.id), "coordination", now
            )
        return render_template(
            "desk/substitutes.html",
            visit=visit_line(placement, activity),
            need=placement.need,
            resident=placement.need.requester,
            people=found,
            begun=now >= placement.starts_at,
            planning=is_waiting(work, "plan", "plan_full"),
        )


@pages.post(f"/desk/activities/{NUMBER}/move")
@access("activity.move")
def move(placement_id: int) -> Response:
    """Move a visit to another day or time."""
    to = _new_time()
    once(
        "move",
        lambda work, who, now: rescheduling.move_visit(work, placement_id, to, who, now),
    )
    flash(str(MOVED), "success")
    return redirect(url_for("visits.show", placement_id=placement_id))


@pages.post(f"/desk/activities/{NUMBER}/place")
@access("activity.move")
def move_place(placement_id: int) -> Response:
    """Take a visit, and those of the same need after it, to another place."""
    form = request.form
    to = relocating.Place(
        form.get("address", ""), form.get("postal_code", "")[:8], tuple(form.getlist("agreed"))
    )
    once(
        "place",
        lambda work, who, now: relocating.move_place(work, placement_id, to, who, now),
    )
    flash(str(ELSEWHERE), "success")
    return redirect(url_for("visits.show", placement_id=placement_id))


def _new_time() -> rescheduling.Time:
    """Read day and time; raises Invalid for what is none."""
    form = request.form
    try:
        at = time.fromisoformat(form.get("start", ""))
        on = date.fromisoformat(form.get("on", ""))
    except ValueError:
        raise Invalid(gettext("新しい日と時刻を入力してください。"), field="on") from None
    return rescheduling.Time(on, at.hour * 60 + at.minute, tuple(form.getlist("agreed")))


@pages.get(f"/desk/activities/{NUMBER}/swap")
@access("activity.swap")
def choose_swap(placement_id: int) -> str:
    """Show the visits of others that a visit's volunteer could take in exchange."""
    actor = current_actor()
    placement, activity = queries.get_visit(db.session(), placement_id, actor)
    others = swapping.partners(db.session(), placement, actor, clock.now())
    return render_template(
        "desk/swap.html",
        visit=visit_line(placement, activity),
        person=placement.volunteer.person,
        others=[_other(each) for each in others],
    )


def _other(placement: Placement) -> dict[str, Any]:
    return visit_line(placement, None) | {
        "volunteer": placement.volunteer.person.name,
        "resident": placement.need.requester.name,
        "when": placement_span(placement.starts_at, placement.ends_at),
    }


@pages.post(f"/desk/activities/{NUMBER}/swap")
@access("activity.swap")
def swap(placement_id: int) -> Response:
    """Let two volunteers change places."""
    typed = request.form.get("other", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 18):
        raise Invalid(gettext(swapping.SAME), field="other")
    once(
        "swap",
        lambda work, who, now: swapping.swap(work, placement_id, int(typed), who, now),
    )
    flash(str(SWAPPED), "success")
    return redirect(url_for("today.board", span="week"))
