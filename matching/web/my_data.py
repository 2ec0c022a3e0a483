"""My data: what I agreed to and take back, and who looked at my contact details."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.coordination.withdrawing import take_word
from matching.kernel import audit, clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.permissions import DESK, ROLES
from matching.people import consenting
from matching.people.consenting import Word
from matching.people.disclosures import Disclosure, seen_of
from matching.people.models import Account, Person
from matching.records import subjects
from matching.web.access import access, current_actor
from matching.web.people_view import consent_lines
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import moment

pages = Blueprint("my_data", __name__)

PURPOSES_SEEN = {
    "visit": _("活動にうかがうため"),
    "coordination": _("お手伝いの調整のため"),
    "call": _("お電話するため"),
    "follow_up": _("その後の様子をうかがうため"),
    "complaint": _("ご意見・苦情に対応するため"),
    "request_of_person": _("ご本人のお求めにこたえるため"),
}
FIELDS = {
    "name": _("お名前"),
    "kana": _("ふりがな"),
    "phone": _("電話番号"),
    "address": _("住所"),
    "care": _("気をつけてほしいこと"),
    "birth_on": _("生年月日"),
    "title": _("困りごと"),
    "note": _("メモ"),
    "household": _("世帯"),
    "relation": _("続柄"),
    "proxy": _("代わりに話す方"),
}


@pages.get("/my/consents")
@access("my.read")
def consents() -> str:
    """Show what I agreed to, and who saw my details."""
    session, person_id = db.session(), current_actor().person_id
    if person_id is None:
        raise NotFound
    return render_template(
        "my/consents.html",
        purposes=consent_lines(session, person_id),
        seen=[_seen(session, row) for row in seen_of(session, person_id)],
    )


def _seen(session: Session, row: Disclosure) -> dict[str, Any]:
    """Who looked: the office and name of staff; a volunteer is not named here."""
    role = gettext(ROLES[row.role]) if row.role in ROLES else row.role
    staff = row.role in DESK
    name = session.get_one(Account, row.account_id).display_name if staff else ""
    return {
        "at": moment(row.disclosed_at),
        "who": gettext("　").join(filter(None, [role, name])),
        "what": gettext("、").join(str(FIELDS.get(each, each)) for each in row.fields),
        "why": PURPOSES_SEEN.get(row.purpose, row.purpose),
    }


@pages.post("/my/data.<form>")
@access("my.answer")
def take_out(form: str) -> Response:
    """Give me all that is kept of me, for reading or for a machine."""
    actor, now = current_actor(), clock.now()
    if actor.person_id is None or form not in ("json", "html"):
        raise NotFound
    with transaction() as work:
        person = work.get_one(Person, actor.person_id)
        found = subjects.all_of(work, person, notes=False)
        body = subjects.as_json(found) if form == "json" else subjects.as_page(found, now)
        audit.record(work, actor, now, "subject_exported", "person", person.id)
    name = f"attachment; filename=my-data-{clock.local_date(now):%Y%m%d}.{form}"
    kind = "application/json" if form == "json" else "text/html"
    headers = {"Content-Disposition": name}
    return Response(body, content_type=f"{kind}; charset=utf-8", headers=headers)


@pages.post("/my/consents")
@access("my.answer")
def change() -> Response:
    """Agree to a purpose, or take it back; it counts from this moment."""
    person_id, purpose = current_actor().person_id, request.form.get("purpose", "")
    if person_id is None:
        raise NotFound
    if purpose not in consenting.PURPOSES:
        raise Invalid(gettext("取り消すものを選んでください。"), field="purpose")
    if request.form.get("kind") == "give" and request.form.get("agree") != "yes":
        raise Invalid(gettext("文を読んで、「同意します」に印をつけてください。"), field="agree")
    word = Word(purpose, "given" if request.form.get("kind") == "give" else "withdrawn", "web")
    once("consent", lambda work, who, now: take_word(work, person_id, word, who, now))
    flash(gettext("記録しました。いまから有効です。"), "success")
    return redirect(url_for("my_data.consents"))
