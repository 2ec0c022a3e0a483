"""Asking for help, one question a page: the pages, the look over everything, the filing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matching.catalogue.reference import CATEGORIES, CATEGORY_BY_CODE
from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import Invalid
from matching.needs.receiving import check_entry
from matching.needs.scope import notes_on
from matching.needs.scope_words import REFUSALS
from matching.web.access import access, current_actor
from matching.web.answers_check import answers_of
from matching.web.asking_form import NO_PERSON, NeedForm
from matching.web.filing import file_once
from matching.web.registers import gettext, word
from matching.web.sheet_form import PREFIX, question_rows
from matching.web.wizard import (
    DONE,
    Step,
    Typed,
    Wizard,
    errors_of,
    fill_town,
    finish,
    refused,
    show_check,
    show_step,
    throw_away,
)

pages = Blueprint("asking_steps", __name__)


def _for_another(typed: Typed) -> bool:
    return typed.get("requester_relation", "self") != "self"


WIZARD = Wizard(
    "need",
    "/needs/new",
    (
        Step("who", _("だれのことで、お困りですか"), ("requester_relation",)),
        Step(
            "person",
            _("困っている方は、どなたですか"),
            (
                *("person_name", "person_kana", "person_birth", "person_phone"),
                *("person_knows", "consent_basis"),
            ),
            asked=_for_another,
        ),
        Step("what", _("どんな手伝いが必要ですか"), ("category",)),
        Step("more", _("もう少しくわしく教えてください"), ("title",), prefix=PREFIX),
        Step(
            "when",
            _("いつがよいですか"),
            (
                *("start_date", "time_from", "time_to", "second_date", "second_from", "second_to"),
                *("third_date", "third_from", "third_to", "recurrence", "end_date", "weekdays"),
                *("duration_minutes", "headcount"),
            ),
        ),
        Step("where", _("どこへうかがえばよいですか"), ("postal_code", "address")),
        Step(
            "notes",
            _("知っておいてほしいことはありますか"),
            ("note", "gender_preference", "car_needed", "household", "recipient_age"),
        ),
        Step(
            "contact",
            _("あなたのお名前と連絡先"),
            ("requester_name", "requester_kana", "phone", "other_way", "email"),
        ),
        Step(
            "consents",
            _("同意していただくこと"),
            ("consent_coordination", "consent_volunteer", "consent_commissioner"),
        ),
    ),
)


def form_of(typed: Typed) -> NeedForm:
    """Return the whole form with the answers so far."""
    form = NeedForm(formdata=typed, meta={"csrf": False})
    form.answers = typed
    return form


def step_page(step: Step, form: NeedForm, typed: Typed) -> str:
    """Show one question; somebody signed in finds their own name in it."""
    if step.code not in typed.getlist(DONE) and request.method == "GET":
        form.start_from(current_actor(), db.session())
    return show_step(
        WIZARD,
        step,
        form,
        typed,
        **_WORDS,
        questions=question_rows(form.category.data, typed, desk=False),
        refused=[category for category in CATEGORIES if not category.accepted],
        notes=_notes(typed) if step.code == "when" else [],
        by_office=_by_office(form),
    )


_WORDS = {
    "folder": "needs",
    "label": _("手伝ってほしい"),
    "phone_text": _("書きにくいときは、お電話ください。代わりに書きます。"),
}


def _notes(typed: Typed) -> list[dict[str, Any]]:
    """What is kindly said at once, once the words are there."""
    said = "\n".join([typed.get("title", ""), *_told(typed)])
    return [
        {"text": gettext(note.sentence), "desk": _desk(note.desk_code)}
        for note in notes_on(typed.get("category", ""), said)
        if not note.blocks
    ]


def _told(typed: Typed) -> list[str]:
    return [text for name, text in typed.items() if name.startswith(PREFIX)]


def _desk(code: str | None) -> dict[str, str] | None:
    desk = REFERRAL_BY_CODE.get(code or "")
    return {"label": word(desk), "number": desk.short_number} if desk else None


@pages.get("/needs/new/<code>")
@access("need.file")
def show(code: str) -> Any:
    """Show a step; one that is too early leads to the first open one."""
    typed = WIZARD.typed()
    if code == "check":
        return _check_page(typed)
    step = WIZARD.step(code)
    if WIZARD.is_too_early(step, typed):
        return WIZARD.onward(typed)
    return step_page(step, form_of(typed), typed)


@pages.post("/needs/new/<code>")
@access("need.file")
def answered(code: str) -> Any:
    """Keep the answer to one question and go on."""
    return take(WIZARD.step(code))


def take(step: Step) -> Any:
    """Keep what was sent for a step; ask again where it cannot be, or lead to another desk."""
    typed = WIZARD.merged(step)
    if step.code == "what" and typed.get("category") in REFUSALS:
        return _elsewhere(typed["category"])
    if step.code == "where" and fill_town(typed):
        return step_page(step, form_of(typed), typed)
    form = form_of(typed)
    form.validate()
    if errors_of(form, step) or refused(form, step, lambda: _check(form, step)):
        return step_page(step, form, typed), 422
    if step.code == "notes":
        _answer_for_oneself(typed)
    typed = WIZARD.keep(step, typed, clock.now())
    return WIZARD.onward(typed)


def _answer_for_oneself(typed: Typed) -> None:
    """Fill in name and phone of somebody signed in; the look over everything still shows them."""
    if "contact" in typed.getlist(DONE):
        return
    known = form_of(MultiDict())
    known.start_from(current_actor(), db.session())
    if known.requester_name.data and known.phone.data:
        for field in (known.requester_name, known.requester_kana, known.phone):
            typed[field.name] = field.data or ""
        typed.add(DONE, "contact")


def _check(form: NeedForm, step: Step) -> None:
    if step.code == "person" and _by_office(form) and not form.person_name.clean:
        raise Invalid(str(NO_PERSON), field="person_name")
    check_entry(form.entry(current_actor()), clock.today())


def _by_office(form: NeedForm) -> bool:
    """Whether a commissioner asks, who carries a word but can never give it (BR-04)."""
    return bool(form.requester_relation.data == "commissioner")


def _elsewhere(code: str) -> str:
    """Say kindly that another desk is the right one (BR-07)."""
    category = CATEGORY_BY_CODE[code]
    return render_template(
        "needs/elsewhere.html",
        what=word(category),
        why=gettext(REFUSALS[code]),
        desk=_desk(category.referral),
        back=WIZARD.href(WIZARD.step("what")),
    )


def _check_page(typed: Typed) -> Any:
    form = form_of(typed)
    form.validate()
    rows = answers_of(form, typed, WIZARD)
    return show_check(WIZARD, typed, rows, **_WORDS, notes=_notes(typed))


@pages.post("/needs/new/check")
@access("need.file")
def checked() -> Any:
    """File what was looked over; sent twice it is filed once."""
    return finish(WIZARD, form_of(WIZARD.typed()), file_once, ("filed", "/needs/received"))


@pages.post("/needs/new/discard")
@access("need.file")
def discard() -> Response:
    """Throw the draft of this browser away."""
    return throw_away(WIZARD)
