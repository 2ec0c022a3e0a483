"""One question a page: steps over one form, kept in a draft that survives the browser."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import after_this_request, current_app, redirect, render_template, request, session
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matching.kernel import clock, drafts
from matching.kernel.database import db, transaction
from matching.kernel.drafts import OWN_DAYS, Draft, Place
from matching.kernel.errors import Invalid, NotFound
from matching.places.reference import find_postal

COOKIE = "musubi_draft"
DONE = "_done"
LONGEST = 4000
Typed = MultiDict[str, str]
ALWAYS: Callable[[Typed], bool] = lambda _typed: True  # noqa: E731


@dataclass(frozen=True)
class Step:
    """One page of a form: its question, its fields, and when it is asked at all."""

    code: str
    title: Any
    fields: tuple[str, ...]
    prefix: str = "\n"  # fields of this prefix belong to it too
    asked: Callable[[Typed], bool] = ALWAYS

    def owns(self, name: str) -> bool:
        """Tell whether a field belongs to the step."""
        return name in self.fields or name.startswith(self.prefix)


class Wizard:
    """The steps of one form, at one address."""

    def __init__(self, kind: str, base: str, steps: Sequence[Step]) -> None:
        self.kind, self.base, self.steps = kind, base, tuple(steps)

    def step(self, code: str) -> Step:
        """Return a step by its code; raises NotFound."""
        found = next((step for step in self.steps if step.code == code), None)
        if found is None:
            raise NotFound
        return found

    def asked(self, typed: Typed) -> list[Step]:
        """Return the steps that are asked, given the answers so far."""
        return [step for step in self.steps if step.asked(typed)]

    def href(self, step: Step | None) -> str:
        """Return the address of a step; that of the check page after the last."""
        if step is None:
            return f"{self.base}/check"
        return self.base if step is self.steps[0] else f"{self.base}/{step.code}"

    def next_open(self, typed: Typed) -> Step | None:
        """Return the first step that was not answered yet; None when all are."""
        done = typed.getlist(DONE)
        return next((step for step in self.asked(typed) if step.code not in done), None)

    def is_too_early(self, step: Step, typed: Typed) -> bool:
        """Tell whether a step is not asked, or comes after one that is still open."""
        asked, waiting = self.asked(typed), self.next_open(typed)
        if step not in asked:
            return True
        return waiting is not None and asked.index(step) > asked.index(waiting)

    def onward(self, typed: Typed) -> Response:
        """Lead to the first question that is still open."""
        return redirect(self.href(self.next_open(typed)))

    def before(self, step: Step | None, typed: Typed) -> str | None:
        """Return where "back" leads."""
        asked = self.asked(typed)
        place = len(asked) if step is None else asked.index(step)
        return self.href(asked[place - 1]) if place else None

    def is_whole(self, names: Sequence[str], known: Sequence[str]) -> bool:
        """Tell whether a sending holds more than the first step: then it is the whole form."""
        first = self.steps[0]
        ours = [name for name in names if name in known and name != "csrf_token"]
        return any(not first.owns(name) for name in ours)

    # The draft of this browser.

    def place(self) -> Place | None:
        """Return where this browser's draft lies, if it has one."""
        token = request.cookies.get(COOKIE, "")
        return drafts.own_place(self.kind, token) if token else None

    def draft(self) -> Draft | None:
        """Return this browser's draft, if it is not over."""
        place = self.place()
        return drafts.find(db.session(), place, clock.now()) if place else None

    def typed(self) -> Typed:
        """Return the answers so far."""
        draft = self.draft()
        return MultiDict(draft.values) if draft else MultiDict()

    def merged(self, step: Step) -> Typed:
        """Return the answers so far with what was just sent for a step in their place."""
        answers = {name: values for name, values in self.typed().lists() if not step.owns(name)}
        for name, values in request.form.lists():
            if step.owns(name):
                answers[name] = [value.replace("\x00", "")[:LONGEST] for value in values]
        return MultiDict(answers)

    def keep(self, step: Step, typed: Typed, now: datetime) -> Typed:
        """Keep the answers with this step marked as done; returns them."""
        typed.setlist(DONE, sorted({*typed.getlist(DONE), step.code}))
        token = request.cookies.get(COOKIE, "") or secrets.token_urlsafe(24)
        with transaction() as work:
            drafts.keep(work, drafts.own_place(self.kind, token), dict(typed.lists()), now)
        hand_over(token)
        return typed

    def discard(self, work: Session) -> None:
        """Throw this browser's draft away."""
        place = self.place()
        if place is not None:
            drafts.discard(work, place)


def hand_over(token: str) -> None:
    """Let the browser remember which draft is its own, also after it was closed."""

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(OWN_DAYS.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
        return response


def errors_of(form: Any, step: Step) -> bool:
    """Leave only the errors of one step's own fields; returns whether there are any."""
    for field in form:
        if not step.owns(field.name):
            field.errors = []
    form.form_errors = []
    return any(field.errors for field in form)


def first_wrong(wizard: Wizard, form: Any) -> Step:
    """Return the first step with an answer that has to be mended."""
    wrong = [field.name for field in form if field.errors]
    return next((step for step in wizard.steps if any(map(step.owns, wrong))), wizard.steps[0])


def show_step(wizard: Wizard, step: Step, form: Any, typed: Typed, **more: Any) -> str:
    """Show one question with where it stands among the others."""
    asked = wizard.asked(typed)
    first = step is wizard.steps[0]
    return render_template(
        "forms/step.html",
        wizard=wizard,
        form=form,
        step=step,
        sends_to=wizard.href(step),
        back=wizard.before(step, typed),
        number=asked.index(step) + 1,
        total=len(asked) + 1,
        left_over=first and bool(typed.getlist(DONE)),
        goes_on=wizard.next_open(typed),
        **more,
    )


def show_check(wizard: Wizard, typed: Typed, rows: list[dict[str, Any]], **more: Any) -> Any:
    """Show all answers to look over; one that is missing is asked for first."""
    missing, draft = wizard.next_open(typed), wizard.draft()
    if missing is not None or draft is None:
        return redirect(wizard.href(missing or wizard.steps[0]))
    return render_template(
        "forms/check.html",
        rows=rows,
        sends_to=wizard.href(None),
        back=wizard.before(None, typed),
        key=f"draft-{draft.id}",
        total=len(wizard.asked(typed)) + 1,
        **more,
    )


def refused(form: Any, step: Step, rules: Callable[[], object]) -> bool:
    """Ask rules that look at more than one answer; only this step's refusals count now."""
    try:
        rules()
    except Invalid as wrong:
        if wrong.field is not None and step.owns(wrong.field):
            form.refuse(wrong)
            return True
    return False


def finish(wizard: Wizard, form: Any, file: Callable[..., Any], filed: tuple[str, str]) -> Any:
    """File what was looked over; a rule that refuses leads to the step to mend.

    `filed` is what the session remembers of the filing, and the page to show when it was sent
    again after its draft had gone.
    """
    mark, received = filed
    if wizard.draft() is None:
        return redirect(received if mark in session else wizard.base)
    if form.validate():
        try:
            return file(form, after=wizard.discard)
        except Invalid as wrong:
            form.refuse(wrong)
    return redirect(wizard.href(first_wrong(wizard, form)))


def throw_away(wizard: Wizard) -> Response:
    """Throw the draft of this browser away."""
    with transaction() as work:
        wizard.discard(work)
    return redirect(wizard.base)


def fill_town(typed: Typed) -> bool:
    """Fill the town in from the postal code where there is no script to do it."""
    if typed.get("address", "").strip():
        return False
    towns = {town.town for town in find_postal(typed.get("postal_code", "")) if town.town}
    if len(towns) != 1:
        return False
    typed["address"] = f"岩手県一関市{towns.pop()}"
    return True
