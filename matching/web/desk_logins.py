"""At the desk: a log-in for a volunteer or a resident, with the letter that starts it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _

from matching.coordination.queries import volunteers_within
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import DomainError, NotFound
from matching.kernel.permissions import sees_area
from matching.needs.queries import get_need
from matching.people.inviting import Invitation, find_account_of, invite, login_choices
from matching.people.models import Person
from matching.volunteers.queries import get_volunteer
from matching.web.access import access, current_actor
from matching.web.forms import Form
from matching.web.letter_page import letter
from matching.web.readings import line, radios
from matching.web.refusals import said

pages = Blueprint("desk_logins", __name__)
OTHER = "other"


class LoginForm(Form):
    """The name somebody will sign in with."""

    login = radios(_("ログイン名にするもの"), dict[str, str])
    other = line(_("ほかのログイン名"))

    def name(self) -> str:
        """Return the chosen name."""
        typed = self.other.data if self.login.data == OTHER else self.login.data
        return typed or ""


def _whose(kind: str, reference: str) -> tuple[Person, str, str]:
    """Return the person within reach, the role, and the number people know them by."""
    session, actor = db.session(), current_actor()
    if kind == "volunteers":
        person, role = (
            get_volunteer(session, reference, volunteers_within(actor)).person,
            "volunteer",
        )
    elif kind == "needs":
        person, role = get_need(session, reference, actor).requester, "requester"
    else:
        raise NotFound
    if not sees_area(actor, person.area_code):
        raise NotFound
    return person, role, reference


@pages.get("/desk/<kind>/<reference>/login")
@access("account.letter")
def home(kind: str, reference: str) -> str:
    """Show whether somebody has a log-in, and what it could be."""
    return _page(LoginForm(formdata=None), kind, reference)


def _page(form: LoginForm, kind: str, reference: str) -> str:
    person, _role, number = _whose(kind, reference)
    account = find_account_of(db.session(), person.id)
    known = login_choices(person, number)
    form.login.choices = [(name, name) for name in known] + [(OTHER, form.other.label.text)]
    form.login.data = form.login.data or known[0]
    return render_template(
        "desk/login_for.html",
        form=form,
        person=person,
        account=account,
        back=f"/desk/{kind}/{reference}",
    )


@pages.post("/desk/<kind>/<reference>/login")
@access("account.letter")
def posted(kind: str, reference: str) -> Any:
    """Print the letter; the account is made the first time, a letter every time."""
    form, (person, role, _number) = LoginForm(), _whose(kind, reference)
    wish = Invitation(person.id, role, request.form.get("login", "") and form.name())
    try:
        with transaction() as work:
            minted = invite(work, wish, current_actor(), clock.now())
            return letter(minted, back=f"/desk/{kind}/{reference}")
    except DomainError as refused:
        if isinstance(refused, NotFound):
            raise
        form.login.errors = [said(refused)]
        return _page(form, kind, reference), refused.status
