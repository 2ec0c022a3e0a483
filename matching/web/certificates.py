"""Certificates and hours: my own, a volunteer's at the desk, and the page that checks a code."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import certifying
from matching.activities.follow_models import Certificate
from matching.activities.follow_rules import REVOCATIONS
from matching.activities.revoking import REVOKED, revoke
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.coordination.queries import volunteers_within
from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.people.disclosures import note_disclosure
from matching.places.wareki import format_date
from matching.volunteers import queries as volunteers
from matching.volunteers.models import Volunteer
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.certificate_pdf import Paper, draw
from matching.web.forms import accept
from matching.web.surroundings import CENTRE

pages = Blueprint("certificates", __name__)

NUMBER = "<int:certificate_id>"
TAKEN_BACK = _("証明書を取り消しました。番号を確かめる方には、取り消されたと伝わります。")
NO_DAY = _("日を選んでください。")


@pages.get("/my/certificates")
@access("my.read")
def mine() -> str:
    """Show my hours by fiscal year and the certificates I have."""
    return _page(own_registration(), "/my/certificates", "my/certificates.html")


@pages.post("/my/certificates")
@access("my.answer")
def issue_mine() -> Response:
    """Issue a certificate to myself."""
    number = _issue(own_registration())
    return redirect(url_for("certificates.my_paper", certificate_id=number))


@pages.get(f"/my/certificates/{NUMBER}.pdf")
@access("my.read")
def my_paper(certificate_id: int) -> Response:
    """Print a certificate of mine."""
    return _paper(certifying.get_certificate(db.session(), certificate_id, own_registration().id))


def own_registration() -> Volunteer:
    """Return the reader's own registration; NotFound for who is no volunteer."""
    found = volunteers.find_of_person(db.session(), current_actor().person_id)
    if found is None:
        raise NotFound
    return found


@pages.get("/desk/volunteers/<reference>/certificates")
@access("certificate.issue")
def theirs(reference: str) -> str:
    """Show a volunteer's hours and certificates at the desk."""
    return _page(
        _within(reference), f"/desk/volunteers/{reference}/certificates", "desk/certificates.html"
    )


@pages.post("/desk/volunteers/<reference>/certificates")
@access("certificate.issue")
def issue_theirs(reference: str) -> Response:
    """Issue a certificate for somebody who asked for it."""
    number = _issue(_within(reference))
    return redirect(url_for("certificates.their_paper", reference=reference, certificate_id=number))


@pages.get(f"/desk/volunteers/<reference>/certificates/{NUMBER}.pdf")
@access("certificate.issue")
def their_paper(reference: str, certificate_id: int) -> Response:
    """Print a volunteer's certificate."""
    volunteer = _within(reference)
    with transaction() as work:
        note_disclosure(
            work,
            current_actor(),
            volunteer.person_id,
            ("volunteer", volunteer.id),
            "coordination",
            clock.now(),
        )
    return _paper(certifying.get_certificate(db.session(), certificate_id, volunteer.id))


@pages.post(f"/desk/volunteers/<reference>/certificates/{NUMBER}/revoke")
@access("certificate.issue")
def take_back(reference: str, certificate_id: int) -> Response:
    """Take a certificate back, with the reason."""
    volunteer, reason = _within(reference), request.form.get("reason", "")
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        replies.once(
            work,
            accept("revoke-certificate"),
            now,
            lambda: str(revoke(work, certificate_id, volunteer.id, reason, actor, now).id),
        )
    flash(str(TAKEN_BACK), "success")
    return redirect(url_for("certificates.theirs", reference=reference))


def _within(reference: str) -> Volunteer:
    return volunteers.get_volunteer(db.session(), reference, volunteers_within(current_actor()))


def _page(volunteer: Volunteer, own: str, template: str) -> str:
    session, today = db.session(), clock.today()
    years = certifying.fiscal_years(session, volunteer.id, today)
    return render_template(
        template,
        own=own,
        volunteer=volunteer,
        today=today,
        years=[
            _year(certifying.done_between(session, volunteer.id, first, last), first, last)
            for first, last in years
        ],
        certificates=certifying.list_certificates(session, volunteer.id),
        revocations=REVOCATIONS if own.startswith("/desk") else None,
    )


def _year(lines: list[certifying.Line], first: date, last: date) -> dict[str, Any]:
    return {
        "first": first,
        "last": last,
        "visits": sum(line.visits for line in lines),
        "hours": hours(sum(line.minutes for line in lines)),
        "lines": [
            {
                "what": wording.category(line.category),
                "visits": line.visits,
                "hours": hours(line.minutes),
            }
            for line in lines
        ],
    }


def hours(minutes: int) -> str:
    """Write counted minutes, which come in quarters, as hours: 1.25."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _issue(volunteer: Volunteer) -> str:
    first, last = _day("from_on"), _day("to_on")
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        return replies.once(
            work,
            accept("certificate"),
            now,
            lambda: str(certifying.issue(work, volunteer, first, last, actor, now).id),
        )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(str(NO_DAY), field=name) from None


def _paper(row: Certificate) -> Response:
    if row.revoked_at is not None:
        raise Conflict(REVOKED, code="state")
    answer = make_response(draw(paper_of(row)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="certificate-{row.code}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def paper_of(row: Certificate) -> Paper:
    """Return the words of a certificate: an official paper, so always in Japanese."""
    base = current_app.extensions["musubi"].base_url
    period = f"{format_date(row.from_on)}から{format_date(row.to_on)}まで"
    return Paper(
        title="ボランティア活動証明書",
        name=f"{row.volunteer.person.name} 様",
        lead=f"上記の方は、{period}、次のボランティア活動をされたことを証明します。",
        heads=("活動の内容", "回数", "時間"),
        rows=[
            (_kind(line["category"]), *_counts(line["visits"], line["minutes"]))
            for line in row.lines
        ],
        total=("合計", *_counts(row.visits, row.minutes)),
        issued=f"発行日　{format_date(clock.local_date(row.issued_at))}",
        centre=("一関市ボランティアセンター", f"電話 {CENTRE['phone']}"),
        code=f"確認番号　{row.code}",
        address=f"{base}/verify/{row.code}",
        note="この証明書が本物かどうかは、次のページで確かめられます。",
    )


def _kind(code: str) -> str:
    known = CATEGORY_BY_CODE.get(code)
    return known.label if known else code


def _counts(visits: int, minutes: int) -> tuple[str, str]:
    return f"{visits}回", f"{hours(minutes)}時間"


@pages.get("/verify")
@access("public.read")
def ask() -> str | Response:
    """Ask for the code of a certificate."""
    typed = request.args.get("code", "").strip()[:60]
    if typed:
        return redirect(url_for("certificates.verify", code=typed))
    return render_template("public/verify.html", asked=False, found=None, code="")


@pages.get("/verify/<code>")
@access("public.read")
def verify(code: str) -> tuple[str, int] | str:
    """Say whether a certificate of that code was issued: its figures, never whose it is."""
    row = certifying.find_certificate(db.session(), code[:60])
    found = None
    if row is not None:
        found = {
            "from_on": row.from_on,
            "to_on": row.to_on,
            "visits": row.visits,
            "hours": hours(row.minutes),
            "issued_on": clock.local_date(row.issued_at),
            "revoked": row.revoked_at is not None,
            "revoked_on": clock.local_date(row.revoked_at) if row.revoked_at else None,
        }
    page = render_template(
        "public/verify.html", asked=True, found=found, code=row.code if row else code[:60]
    )
    return page if found else (page, 404)
