"""The notice board: what the centre tells on its pages, put up and taken down at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField
from wtforms.validators import InputRequired

from matching.kernel import clock, replies, undo
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.noticeboard import publishing
from matching.noticeboard.models import Notice
from matching.noticeboard.queries import list_kept
from matching.noticeboard.rules import AUDIENCES, NoticeEntry
from matching.places.reference import AREA_BY_CODE
from matching.web.access import access, current_actor
from matching.web.forms import Form, accept
from matching.web.readings import lines, pick
from matching.web.registers import gettext, language, place
from matching.web.undoing import done

pages = Blueprint("noticeboard", __name__, url_prefix="/admin/notices")
NUMBER = "<int:notice_id>"
NO_DAY = _("日を入力してください。")
TEXT_OF = {"ja": "text_ja", "ja-easy": "text_easy", "en": "text_en"}


def text_of(notice: Notice) -> str:
    """Return a notice in the reader's register."""
    told: str = getattr(notice, TEXT_OF[language()])
    return told


def _audiences() -> dict[str, str]:
    return {code: gettext(label) for code, label in AUDIENCES.items()}


def _areas() -> dict[str, str]:
    return {"": gettext("全域")} | {code: place(area.name) for code, area in AREA_BY_CODE.items()}


class NoticeForm(Form):
    """A notice in three registers, for whom, and from when to when."""

    text_ja = lines(_("日本語"), required=_("日本語の文を入力してください。"))
    text_easy = lines(_("やさしい日本語"), required=_("やさしい日本語の文を入力してください。"))
    text_en = lines(_("英語"), required=_("英語の文を入力してください。"))
    audience = pick(_("だれに見せますか"), _audiences, default="all")
    area_code = pick(_("どの地域の方に"), _areas)
    starts_on = DateField(_("いつから"), [InputRequired(_("日を入力してください。"))])
    ends_on = DateField(
        _("いつまで（この日を含みます）"), [InputRequired(_("日を入力してください。"))]
    )

    def entry(self) -> NoticeEntry:
        """Return what was typed."""
        typed = {name: getattr(self, name).data or "" for name in TEXT_OF.values()}
        return NoticeEntry(
            self.audience.data,
            self.area_code.data or None,
            self.starts_on.data or clock.today(),
            self.ends_on.data or clock.today(),
            **typed,
        )


def _page(form: NoticeForm) -> str:
    now = clock.now()
    kept = list_kept(db.session(), current_actor())
    return render_template(
        "admin/notices.html",
        form=form,
        notices=[_line(notice, now) for notice in kept],
    )


def _line(notice: Notice, now: datetime) -> dict[str, Any]:
    area = AREA_BY_CODE.get(notice.area_code or "")
    return {
        "id": notice.id,
        "version": notice.version,
        "text": notice.text_ja,
        "audience": gettext(AUDIENCES[notice.audience]),
        "area": place(area.name) if area else gettext("全域"),
        "starts_on": clock.local_date(notice.starts_at),
        "ends_on": clock.local_date(notice.ends_at) - timedelta(days=1),
        "state": _state(notice, now),
    }


def _state(notice: Notice, now: datetime) -> str:
    if notice.withdrawn_at is not None:
        return "withdrawn"
    if notice.ends_at <= now:
        return "over"
    return "up" if notice.starts_at <= now else "coming"


@pages.get("")
@access("notice.manage")
def board() -> str:
    """Show the form for a notice, and those put up so far."""
    today = clock.today()
    return _page(NoticeForm(formdata=None, starts_on=today))


@pages.post("")
@access("notice.manage")
def publish() -> Any:
    """Put a notice up; sent twice it stands once."""
    form, now = NoticeForm(), clock.now()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction() as work:
            replies.once(work, accept("notice"), now, lambda: _publish(work, form))
    except Invalid as refused:
        form.refuse(refused)
        return _page(form), 422
    flash(gettext("掲示しました。読む方のページのいちばん上に出ます。"), "success")
    return redirect(url_for("noticeboard.board"))


def _publish(work: Session, form: NoticeForm) -> str:
    return str(publishing.publish(work, form.entry(), current_actor(), clock.now()).id)


@pages.post(f"/{NUMBER}/withdraw")
@access("notice.manage")
def withdraw(notice_id: int) -> Response:
    """Take a notice down before its time."""
    now, version = clock.now(), request.form.get("version", 0, int)
    with transaction() as work:

        def once() -> str:
            actor = current_actor()
            notice = publishing.withdraw(work, notice_id, version, actor, now)
            return str(undo.offer(work, "notice", notice.id, notice.version, actor, now))

        offered = replies.once(work, accept("notice-withdraw"), now, once)
    done(gettext("掲示をおろしました。"), offered)
    return redirect(url_for("noticeboard.board"))
