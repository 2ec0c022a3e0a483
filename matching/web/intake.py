"""Phone intake at the desk: one page to type on while somebody talks, saved as it is typed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matching.kernel import clock, drafts, replies
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.drafts import Place
from matching.kernel.errors import Invalid
from matching.kernel.permissions import may
from matching.needs.models import Need
from matching.needs.paper import hand_in
from matching.needs.receiving import open_need
from matching.needs.rules import answer_due_on
from matching.needs.triaging import Decision, triage
from matching.people.disclosures import note_disclosure
from matching.places.calendar import add_business_days
from matching.web.access import access, current_actor
from matching.web.forms import LONGEST_KEY, accept, give_back, whole
from matching.web.intake_form import IntakeForm, typed_answers
from matching.web.intake_view import beside, draft_lines, namesakes
from matching.web.people_view import within_sight
from matching.web.registers import gettext
from matching.web.sheet_form import question_rows

pages = Blueprint("intake", __name__)

KIND = "intake"
TOLD_APART = _(
    "同じ方かもしれない方が見つかりました。同じ方なら「この方です」を、"
    "別の方なら、そのわけを入力してください。"
)
LOOK_NOW = "手伝う人をさがす"


def _place(key: str) -> Place:
    return Place(KIND, key[:LONGEST_KEY], actor=current_actor())


def _page(form: IntakeForm, key: str, **more: Any) -> str:
    actor = current_actor()
    return render_template(
        "desk/intake.html",
        form=form,
        key=key,
        may_place=may(actor, "need.triage"),
        drafts=[line for line in draft_lines(db.session(), actor) if line["key"] != key],
        **beside(db.session(), form, actor) | more,
    )


@pages.get("/desk/intake")
@access("need.intake")
def new() -> str:
    """Show the page: empty, or as a draft was left."""
    key = request.args.get("draft", "")
    draft = drafts.find(db.session(), _place(key), clock.now()) if key else None
    if draft is None:
        empty: MultiDict[str, str] = MultiDict()
        form = IntakeForm(typed=empty)
        form.paper.data = request.args.get("paper", "").replace("\x00", "")[:20]
        form.channel.data = "counter" if form.paper.data else "phone"
        return _page(form, secrets.token_urlsafe(16), saved="")
    return _page(IntakeForm(typed=MultiDict(draft.values)), draft.key)


@pages.post("/desk/intake/beside")
@access("need.intake")
def type_on() -> str:
    """Keep what was typed so far and show what it means: people, questions, limits."""
    form = IntakeForm()
    with transaction() as work:
        drafts.keep(work, _place(give_back()), typed_answers(request.form), clock.now())
    return render_template(
        "desk/intake_beside.html", form=form, **beside(db.session(), form, current_actor())
    )


@pages.post("/desk/intake/look")
@access("need.intake")
def look() -> str:
    """Do the same for a browser without scripts; or take over a person who was found."""
    form, key, actor, now = IntakeForm(), give_back(), current_actor(), clock.now()
    chosen = request.form.get("pick", "")
    with transaction() as work:
        if number := whole(chosen):
            person = within_sight(work, number, actor)
            form.fill_in(person)
            note_disclosure(work, actor, person.id, ("person", person.id), "coordination", now)
        elif chosen == "nobody":
            form.same_person.data = ""
        drafts.keep(work, _place(key), _shown(form), now)
    return _page(form, key)


def _shown(form: IntakeForm) -> drafts.Answers:
    """What the form shows now, which may be more than what was typed."""
    kept = typed_answers(request.form)
    kept.pop("pick", None)
    for field in form:
        if isinstance(field.data, str) and field.name not in ("csrf_token",):
            kept[field.name] = [field.data]
    return kept


@pages.post("/desk/intake/discard")
@access("need.intake")
def discard() -> Response:
    """Throw a draft away."""
    with transaction() as work:
        drafts.discard(work, _place(request.form.get("draft", "")))
    flash(gettext("書きかけを消しました。"), "success")
    return redirect(url_for("intake.new"))


@pages.post("/desk/intake")
@access("need.intake")
def file() -> Any:
    """File the need, once; with `then=place` decide at once that somebody is looked for."""
    form, actor, now = IntakeForm(), current_actor(), clock.now()
    if not form.validate():
        return _page(form, give_back()), 422
    try:
        with transaction() as work:
            reference = replies.once(
                work, accept("intake"), now, lambda: _file(work, form, actor, now)
            )
            drafts.discard(work, _place(give_back()))
    except Invalid as refused:
        form.refuse(refused)
        return _page(form, give_back()), 422
    if request.form.get("then") == "place" and may(actor, "need.triage"):
        return redirect(url_for("needs.show", reference=reference, _anchor="candidates"))
    session["filed"] = reference
    session["answer_by"] = answer_due_on(form.urgency.data, clock.local_date(now)).isoformat()
    return redirect(url_for("asking.received"))


def _tell_apart(form: IntakeForm) -> None:
    """BR-05: nobody is entered twice without somebody having looked."""
    settled = form.same_person.data or (form.another_person.data or "").strip()
    if not settled and namesakes(db.session(), form):
        raise Invalid(str(TOLD_APART), field="another_person")


def _file(work: Session, form: IntakeForm, actor: Actor, now: datetime) -> str:
    _tell_apart(form)
    entry = form.entry_at_desk(actor)
    if entry.person_id is not None:
        within_sight(work, entry.person_id, actor)
    need = open_need(work, entry, actor, now)
    if form.paper.data:
        hand_in(work, form.paper.data, need, actor, now)
    if request.form.get("then") == "place" and may(actor, "need.triage"):
        _look_at_once(work, need, actor, now)
    return need.reference


def _look_at_once(work: Session, need: Need, actor: Actor, now: datetime) -> None:
    day = add_business_days(clock.local_date(now), 1)
    work.flush()
    triage(work, need.reference, Decision("accept", "", LOOK_NOW, day, need.version), actor, now)


@pages.post("/desk/intake/questions")
@access("need.intake")
def questions() -> str:
    """Show the questions of the kind of help that was chosen."""
    form = IntakeForm()
    rows = question_rows(form.category.data or None, form.typed, desk=True)
    return render_template("desk/intake_questions.html", questions=rows)
