"""My data: what I agreed to and take back, and who looked at my contact details."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.coordination.withdrawing import withdraw
from matching.kernel import audit, clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.permissions import ROLES
from matching.people import consenting
from matching.people.disclosures import seen_of
from matching.people.models import Person
from matching.people.queries import consent_state
from matching.records import subjects
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.registers import gettext
from matching.web.surroundings import moment

pages = Blueprint("my_data", __name__)

STATES = {
    "given": _("同意しています"),
    "refused": _("同意していません"),
    "withdrawn": _("取り消しました"),
    None: _("まだお聞きしていません"),
}
PURPOSES_SEEN = {"visit": _("活動にうかがうため"), "coordination": _("お手伝いの調整のため")}
FIELDS = {"name": _("お名前"), "phone": _("電話番号"), "address": _("住所")}


@pages.get("/my/consents")
@access("my.read")
def consents() -> str:
    """Show what I agreed to, and who saw my details."""
    session, person_id = db.session(), current_actor().person_id
    if person_id is None:
        raise NotFound
    states = {code: consent_state(session, person_id, code) for code in consenting.PURPOSES}
    return render_template(
        "my/consents.html",
        purposes=[
            {
                "code": code,
                "label": gettext(label),
                "given": states[code] == "given",
                "state": STATES.get(states[code], STATES[None]),
            }
            for code, label in consenting.PURPOSES.items()
        ],
        seen=[
            {
                "at": moment(row.disclosed_at),
                "who": gettext(ROLES[row.role]) if row.role in ROLES else row.role,
                "what": gettext("、").join(str(FIELDS.get(each, each)) for each in row.fields),
                "why": PURPOSES_SEEN.get(row.purpose, row.purpose),
            }
            for row in seen_of(session, person_id)
        ],
    )


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
    actor, now = current_actor(), clock.now()
    person_id, purpose = actor.person_id, request.form.get("purpose", "")
    if person_id is None:
        raise NotFound
    if purpose not in consenting.PURPOSES:
        raise Invalid(gettext("取り消すものを選んでください。"), field="purpose")
    with transaction() as work:

        def act() -> str:
            if request.form.get("kind") == "give":
                consenting.give(work, person_id, (purpose,), "web", actor, now)
            else:
                withdraw(work, person_id, purpose, "web", actor, now)
            return purpose

        replies.once(work, accept("consent"), now, act)
    flash(gettext("記録しました。いまから有効です。"), "success")
    return redirect(url_for("my_data.consents"))
