"""Becoming a volunteer, one question a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.cells.dates import read_date
from matching.kernel import clock
from matching.kernel.errors import Invalid
from matching.volunteers.registering import NO_CATEGORY, check_entry
from matching.web.access import access
from matching.web.answers_check import answers_of
from matching.web.availability_templates import TEMPLATES
from matching.web.filing import apply_once
from matching.web.my_availability import fill
from matching.web.registering_form import BANDS, DAYS, VolunteerForm
from matching.web.sheet_form import age_on
from matching.web.wizard import (
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

pages = Blueprint("registering_steps", __name__)

ADULT = 18


def _minor(typed: Typed) -> bool:
    """Whether the date of birth that was typed makes somebody a minor (BR-10)."""
    born = read_date(typed.get("birth_date", "")).text
    age = age_on(date.fromisoformat(born), clock.today()) if born else None
    return age is not None and age < ADULT


WIZARD = Wizard(
    "volunteer",
    "/register/volunteer",
    (
        Step("what", _("どんなことをやってみたいですか"), ("categories",)),
        Step("when", _("いつがよいですか"), ("availability", "dates_off")),
        Step(
            "far",
            _("どこまで行けますか"),
            (
                *("transport", "max_distance_km", "max_hours_per_month", "max_visits_per_week"),
                *("notice_days", "skills"),
            ),
        ),
        Step(
            "you",
            _("あなたのことを教えてください"),
            (
                *("name", "name_kana", "birth_date", "postal_code", "address", "phone", "email"),
                *("contact_method", "occupation", "gender", "note"),
            ),
        ),
        Step(
            "guardian",
            _("保護者の方のことを教えてください"),
            ("guardian_name", "guardian_relation", "guardian_phone"),
            asked=_minor,
        ),
        Step(
            "consents",
            _("約束と同意"),
            ("pledge", "consent_coordination", "consent_share"),
        ),
    ),
)
_WORDS = {
    "folder": "volunteers",
    "label": _("手伝いたい"),
    "phone_text": _("お電話や窓口でも申し込めます。"),
}


def form_of(typed: Typed) -> VolunteerForm:
    """Return the whole form with the answers so far."""
    return VolunteerForm(formdata=typed, meta={"csrf": False})


def step_page(step: Step, form: VolunteerForm, typed: Typed) -> str:
    """Show one question."""
    return show_step(
        WIZARD, step, form, typed, **_WORDS, days=DAYS, bands=BANDS, templates=TEMPLATES, notes=[]
    )


@pages.get("/register/volunteer/<code>")
@access("volunteer.register")
def show(code: str) -> Any:
    """Show a step; one that is too early leads to the first open one."""
    typed = WIZARD.typed()
    if code == "check":
        form = form_of(typed)
        form.validate()
        rows = answers_of(form, typed, WIZARD)
        return show_check(WIZARD, typed, rows, **_WORDS, notes=[])
    step = WIZARD.step(code)
    if WIZARD.is_too_early(step, typed):
        return WIZARD.onward(typed)
    return step_page(step, form_of(typed), typed)


@pages.post("/register/volunteer/<code>")
@access("volunteer.register")
def answered(code: str) -> Any:
    """Keep the answer to one question and go on."""
    return take(WIZARD.step(code))


def take(step: Step) -> Any:
    """Keep what was sent for a step; ask again where it cannot be."""
    typed = WIZARD.merged(step)
    if step.code == "you" and fill_town(typed):
        return step_page(step, form_of(typed), typed)
    if step.code == "when" and "template" in request.form:
        form = form_of(typed)
        fill(form, request.form["template"])
        return step_page(step, form, typed)
    form = form_of(typed)
    form.validate()
    if errors_of(form, step) or refused(form, step, lambda: _check(form, step)):
        return step_page(step, form, typed), 422
    typed = WIZARD.keep(step, typed, clock.now())
    return WIZARD.onward(typed)


def _check(form: VolunteerForm, step: Step) -> None:
    if step.code == "guardian":
        form.check_guardian()
    if step.code == "what" and not form.categories.data:
        raise Invalid(NO_CATEGORY, field="categories")
    check_entry(form.entry())


@pages.post("/register/volunteer/check")
@access("volunteer.register")
def checked() -> Any:
    """Keep the application that was looked over; sent twice it counts once."""
    return finish(WIZARD, form_of(WIZARD.typed()), apply_once, ("applied", "/register/received"))


@pages.post("/register/volunteer/discard")
@access("volunteer.register")
def discard() -> Response:
    """Throw the draft of this browser away."""
    return throw_away(WIZARD)
