"""Terms at the desk: registrations and insurance of a year, proofs of qualifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from matching.catalogue.models import Skill
from matching.coordination.queries import volunteers_within
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import Invalid
from matching.kernel.permissions import may
from matching.people.models import Person
from matching.places.calendar import fiscal_year_of, format_fiscal_year
from matching.volunteers import admitting, insuring, queries, renewing
from matching.volunteers.models import Volunteer, VolunteerSkill
from matching.volunteers.rules import STATES, TRANSITIONS
from matching.volunteers.term_rules import PLANS, is_valid, opens_on, registered_until, renewal_year
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once

pages = Blueprint("terms", __name__)

RENEWED = _("更新しました。")
INSURED = _("加入を記録しました。補償は、次の日から始まります。")
SAVED = _("記録しました。")
CHANGES = {
    "applicant": _("申込みにもどす"),
    "interviewed": _("面談した"),
    "active": _("登録する（活動できる）"),
    "paused": _("お休みにする"),
    "withdrawn": _("退会にする"),
    "suspended": _("活動を止める"),
}


@pages.get("/desk/renewals")
@pages.get("/desk/renewals/<int(max=9999):year>")
@access("volunteer.renew")
def renewals(year: int | None = None) -> str:
    """Show whose registration or insurance does not reach the end of a year."""
    session, today = db.session(), clock.today()
    this = fiscal_year_of(today)
    year = year if year in (this, this + 1) else renewal_year(today) or this
    within = volunteers_within(current_actor())
    found = renewing.lapsing(session, year, within)
    return render_template(
        "desk/renewals.html",
        year=year,
        takes_rosters=may(current_actor(), "insurance.roster"),
        year_words=format_fiscal_year(year),
        people=[
            {
                "row": row,
                "until": registered_until(row.registered_until, clock.local_date(row.created_at)),
            }
            for row in found
        ],
        uninsured=_uninsured(session, year),
        plans=PLANS,
        prices=insuring.plans_of(session, year),
        opens_on=opens_on(year),
        is_open=today >= opens_on(year),
        years=[fiscal_year_of(today), fiscal_year_of(today) + 1],
    )


def _uninsured(session: Session, year: int) -> Sequence[Volunteer]:
    """Active volunteers whose insurance ends before the year does, by kana."""
    until = date(year + 1, 3, 31)
    found = (
        select(Volunteer)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.state == "active")
        .where(Volunteer.insured_until.is_(None) | (Volunteer.insured_until < until))
        .options(joinedload(Volunteer.person))
        .order_by(Person.name_kana.nulls_last(), Volunteer.id)
        .limit(500)
    )
    within = volunteers_within(current_actor())
    return session.scalars(found if within is None else found.where(within)).all()


@pages.post("/desk/renewals")
@access("volunteer.renew")
def renew() -> Response:
    """Renew the ticked registrations."""
    year, ticked = _typed_year(), _ticked()
    once("renew", lambda work, who, now: renewing.renew(work, ticked, year, who, now))
    flash(str(RENEWED), "success")
    return redirect(url_for("terms.renewals", year=year))


@pages.post("/desk/insurance")
@access("volunteer.insure")
def insure() -> Response:
    """Enrol the ticked volunteers."""
    year, ticked, plan = _typed_year(), _ticked(), request.form.get("plan", "")
    act = request.form.get("act_applied") == "1"
    once(
        "insure",
        lambda work, who, now: insuring.enrol(work, ticked, plan, year, who, now, immediate=act),
    )
    flash(str(INSURED), "success")
    return redirect(url_for("terms.renewals", year=year))


@pages.post("/desk/insurance/price")
@access("volunteer.insure")
def price() -> Response:
    """Write down what a plan costs in a year."""
    year, plan, typed = _typed_year(), request.form.get("plan", ""), request.form.get("yen", "")
    yen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
    once("price", lambda work, who, now: insuring.set_price(work, plan, year, yen, who, now))
    flash(str(SAVED), "success")
    return redirect(url_for("terms.renewals", year=year))


def _typed_year() -> int:
    this = fiscal_year_of(clock.today())
    years = {str(each): each for each in (this - 1, this, this + 1)}
    if request.form.get("fiscal_year") not in years:
        raise Invalid(gettext("年度を選んでください。"), field="fiscal_year")
    return years[request.form["fiscal_year"]]


def _ticked() -> list[int]:
    """The ticked volunteers, as far as the actor may know of them."""
    typed = {
        each for each in request.form.getlist("volunteer") if each.isdigit() and len(each) < 18
    }
    found = select(Volunteer.id).join(Person, Person.id == Volunteer.person_id)
    within = volunteers_within(current_actor())
    found = found.where(Volunteer.id.in_({int(each) for each in typed}))
    return list(db.session().scalars(found if within is None else found.where(within)))


@pages.get("/desk/volunteers/<reference>/terms")
@access("volunteer.read")
def show(reference: str) -> str:
    """Show a volunteer's registration year, insurance and proofs, each with its end."""
    session, actor, today = db.session(), current_actor(), clock.today()
    found = queries.get_volunteer(session, reference, volunteers_within(actor))
    held = {
        row.skill_code: row
        for row in session.scalars(
            select(VolunteerSkill).where(VolunteerSkill.volunteer_id == found.id)
        )
    }
    proofs = session.scalars(select(Skill).where(Skill.verify).order_by(Skill.position)).all()
    return render_template(
        "desk/terms.html",
        volunteer=found,
        person=found.person,
        certifies=may(actor, "certificate.issue"),
        until=registered_until(found.registered_until, clock.local_date(found.created_at)),
        spans=insuring.spans_of(session, found.id),
        plans=PLANS,
        today=today,
        state=gettext(STATES[found.state]),
        changes=[
            (code, CHANGES[code])
            for code in STATES
            if code in TRANSITIONS[found.state] and admitting.may_change(actor, found.state, code)
        ]
        if may(actor, "volunteer.admit")
        else [],
        proofs=[
            {
                "code": skill.code,
                "label": wording.skill(skill.code),
                "held": held.get(skill.code),
                "valid": skill.code in held
                and is_valid(held[skill.code].verified_on, held[skill.code].valid_until, today),
            }
            for skill in proofs
        ],
    )


@pages.post("/desk/volunteers/<reference>/state")
@access("volunteer.admit")
def change_state(reference: str) -> Response:
    """Admit somebody, let them rest or come back."""
    after, version = request.form.get("after", ""), request.form.get("version", "")
    number = queries.get_volunteer(db.session(), reference, volunteers_within(current_actor())).id
    once(
        "volunteer-state",
        lambda work, who, now: admitting.change_state(work, number, after, version, who, now),
    )
    flash(str(SAVED), "success")
    return redirect(url_for("terms.show", reference=reference))


@pages.post("/desk/volunteers/<reference>/terms")
@access("volunteer.verify")
def verify(reference: str) -> Response:
    """Write down that a proof was seen."""
    skill = request.form.get("skill", "")
    seen_on, until = _date("seen_on") or clock.today(), _date("valid_until")
    found = queries.get_volunteer(db.session(), reference, volunteers_within(current_actor()))
    number = found.id
    once(
        "proof",
        lambda work, who, now: renewing.verify_skill(
            work,
            work.get_one(Volunteer, number, with_for_update=True),
            skill,
            seen_on,
            until,
            who,
            now,
        ),
    )
    flash(str(SAVED), "success")
    return redirect(url_for("terms.show", reference=reference))


def _date(name: str) -> date | None:
    typed = request.form.get(name, "")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid(gettext("日を選んでください。"), field=name) from None
