"""Follow-ups at the desk: whom to call when, what both sides said, and how a need ends."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import closing, following
from matching.activities.follow_models import FollowUp
from matching.activities.follow_rules import CLOSURES, OUTCOMES, YEAR
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.needs.queries import get_need
from matching.people.disclosures import note_disclosure
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once

pages = Blueprint("follow_ups", __name__)

NUMBER = "<int:follow_up_id>"
RATINGS = (
    ("5", _("とても良い")),
    ("4", _("良い")),
    ("3", _("ふつう")),
    ("2", _("少し気になる")),
    ("1", _("困っている")),
)
SAVED = _("記録しました。")
CLOSED = _("終わりにしました。活動した方にお礼を伝えます。")


@pages.get("/desk/follow-ups")
@access("follow_up.read")
def overview() -> str:
    """Show the calls to be made by the day they are due."""
    session, actor = db.session(), current_actor()
    found = following.list_coming(session, actor)
    return render_template(
        "desk/follow_ups.html",
        rows=[_line(row) for row in found],
    )


def _line(row: FollowUp) -> dict[str, Any]:
    return {
        "id": row.id,
        "step": step_words(row.months),
        "due": row.due_on,
        "late": row.due_on < clock.today(),
        "what": wording.category(row.need.category_code),
        "resident": row.need.requester.name,
        "volunteer": row.volunteer.person.name,
    }


def step_words(months: int) -> str:
    """Return what a follow-up is called."""
    if months == 0:
        return gettext("はじめての活動のあと")
    if months < YEAR:
        return gettext("%(count)sか月", count=months)
    return gettext("%(count)s年", count=months // YEAR)


@pages.get(f"/desk/follow-ups/{NUMBER}")
@access("follow_up.read")
def show(follow_up_id: int) -> str:
    """Show both numbers to call and the form for what was said."""
    actor = current_actor()
    with transaction() as work:
        row = following.get_follow_up(work, follow_up_id, actor)
        for person_id in (row.need.requester_id, row.volunteer.person_id):
            note_disclosure(
                work, actor, person_id, ("need", row.need_id), "coordination", clock.now()
            )
        return render_template(
            "desk/follow_up.html",
            line=_line(row),
            row=row,
            need=row.need,
            resident=row.need.requester,
            person=row.volunteer.person,
            outcomes=OUTCOMES,
            ratings=RATINGS,
        )


@pages.post(f"/desk/follow-ups/{NUMBER}")
@access("follow_up.record")
def hear(follow_up_id: int) -> Response:
    """Write down what both sides said."""
    heard = following.Heard(
        request.form.get("outcome", ""),
        _rating("resident"),
        _rating("volunteer"),
        request.form.get("said", "")[:2000],
    )
    once("follow-up", lambda work, who, now: following.hear(work, follow_up_id, heard, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("follow_ups.overview"))


def _rating(name: str) -> int | None:
    typed = request.form.get(name, "")
    return int(typed) if typed in {"1", "2", "3", "4", "5"} else None


@pages.get("/desk/needs/<reference>/close")
@access("need.close")
def closure(reference: str) -> str:
    """Show the form that ends a need."""
    need = get_need(db.session(), reference, current_actor())
    return render_template(
        "desk/close.html",
        need=need,
        what=wording.category(need.category_code),
        reasons=CLOSURES,
        calls=following.count_done(db.session(), need.id),
    )


@pages.post("/desk/needs/<reference>/close")
@access("need.close")
def close(reference: str) -> Response:
    """End a need for a reason."""
    typed = request.form
    reason, said = typed.get("reason", ""), typed.get("said", "")[:2000]
    version = typed.get("version", "")
    once(
        "close",
        lambda work, who, now: closing.close(work, reference, reason, said, version, who, now),
    )
    flash(str(CLOSED), "success")
    return redirect(url_for("needs.show", reference=reference))
