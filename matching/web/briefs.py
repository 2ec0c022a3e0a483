"""A need in words for those who come: the outline that is asked with, what to mind once settled."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.kernel.actor import Actor
from matching.kernel.database import db
from matching.kernel.errors import StaleVersion
from matching.needs.briefing import LONGEST, NeedBrief, brief, brief_of
from matching.needs.queries import get_need, lock_need
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once

pages = Blueprint("briefs", __name__)

SAVED = _("手伝う方への説明を保存しました。")
STALE = "ほかの画面で先に変更されています。最新の内容をたしかめてください。"


@pages.get("/desk/needs/<reference>/brief")
@access("need.triage")
def show(reference: str) -> str:
    """Show how a need is worded for those who come, to be changed."""
    need = get_need(db.session(), reference, current_actor())
    found = brief_of(db.session(), need.id)
    return render_template(
        "desk/brief.html",
        need=need,
        what=wording.category(need.category_code),
        brief=found,
        longest=LONGEST,
        version=_version(found),
    )


@pages.post("/desk/needs/<reference>/brief")
@access("need.triage")
def save(reference: str) -> Response:
    """Keep the words; refused where somebody else changed them meanwhile."""
    need_id = get_need(db.session(), reference, current_actor()).id
    outline, care = request.form.get("outline", ""), request.form.get("care", "")

    def keep(work: Session, who: Actor, now: datetime) -> None:
        need = lock_need(work, need_id)
        if request.form.get("version", "") != _version(brief_of(work, need_id)):
            raise StaleVersion(gettext(STALE))
        brief(work, need, outline, care, who, now)

    once("brief", keep)
    flash(str(SAVED), "success")
    return redirect(url_for("needs.show", reference=reference))


def _version(found: NeedBrief | None) -> str:
    return found.written_at.isoformat() if found else ""
