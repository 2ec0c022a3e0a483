"""Log-ins for those who run the centre: who may do what until when, letters, closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField
from wtforms.validators import InputRequired, Optional

from matching.activities.partnering import active_groups, group_of
from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.permissions import ROLES
from matching.needs.inbox import desk_of
from matching.people import managing, passwords, queries, tickets
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from matching.places.reference import AREAS, DISTRICT_BY_CODE, DISTRICTS, Area, District
from matching.web.access import access, current_actor
from matching.web.forms import Form, accept, whole
from matching.web.intake_view import desk_line
from matching.web.letter_page import letter
from matching.web.readings import line, pick
from matching.web.refusals import said
from matching.web.registers import gettext, place
from matching.web.sending import once

pages = Blueprint("admin_accounts", __name__, url_prefix="/admin/accounts")

MADE = _("アカウントを作りました。つぎに、ご案内の手紙を作って、ご本人に渡してください。")
Act = Callable[[Session, int, Actor, datetime], None]
ACTS: dict[str, tuple[Act, str]] = {
    "disable": (managing.disable, _("ログインを止めました。")),
    "enable": (managing.enable, _("ログインをまた使えるようにしました。")),
    "end-sessions": (managing.end_sessions, _("すべての機器でログアウトしました。")),
    "forget-factors": (
        managing.forget_factors,
        _("2つめの確認を消しました。次のログインで、作りなおします。"),
    ),
}


def _places(known: Sequence[Area | District], none: str) -> dict[str, str]:
    return {"": none} | {each.code: place(each.name) for each in known}


class RoleForm(Form):
    """A role with its reach and its term."""

    # Whoever forgets to choose gives little: the first of the list may do everything.
    role = pick(
        _("役割"), lambda: {c: gettext(label) for c, label in ROLES.items()}, "intake_clerk"
    )
    area = pick(_("地域"), lambda: _places(AREAS, gettext("全域")))
    district = pick(_("地区"), lambda: _places(DISTRICTS, gettext("地区を決めない")))
    starts_on = DateField(_("始まりの日"), [InputRequired(_("日を入力してください。"))])
    ends_on = DateField(_("終わりの日"), [Optional()])
    version = HiddenField("version")

    def entry(self) -> managing.RoleEntry:
        """Return the role; a district brings its area along."""
        district = DISTRICT_BY_CODE.get(self.district.data or "")
        area = self.area.data or (district.area_code if district else None)
        return managing.RoleEntry(
            self.role.data,
            area or None,
            self.district.data or None,
            self.starts_on.data or clock.today(),
            self.ends_on.data,
        )


class NewForm(RoleForm):
    """A log-in with its first role; its owner chooses the password by a letter."""

    login = line(_("ログイン名"), required=_("ログイン名を入力してください。"))
    name = line(_("画面に出す名前"), required=_("名前を入力してください。"))


class EndForm(Form):
    """The last day of a role."""

    ends_on = DateField(_("終わりの日"), [InputRequired(_("日を入力してください。"))])
    version = HiddenField("version")


def _names_shown() -> bool:
    """The technical administrator runs the service and reads no personal data."""
    return "center_manager" in current_actor().roles


@pages.get("")
@access("account.list")
def home() -> str:
    """List the log-ins."""
    words = request.args.get("q", "").strip()[:100]
    found = [
        account
        for account in queries.list_accounts(db.session())
        if words in account.login or (_names_shown() and words in account.display_name)
    ]
    return render_template(
        "admin/accounts.html", accounts=found, words=words, names=_names_shown(), roles=ROLES
    )


@pages.get("/new")
@access("account.manage")
def new() -> str:
    """Show the form for a log-in."""
    form = NewForm(formdata=None, starts_on=clock.today())
    return render_template("admin/account_new.html", form=form)


@pages.post("/new")
@access("account.manage")
def new_posted() -> Any:
    """Make a log-in without a password; the letter lets its owner choose one."""
    form, now = NewForm(), clock.now()
    if not form.validate_on_submit():
        return render_template("admin/account_new.html", form=form), 422
    try:
        with transaction() as work:
            made = replies.once(work, accept("account"), now, lambda: _make(work, form, now))
    except Conflict as refused:
        form.form_errors = [said(refused)]
        return render_template("admin/account_new.html", form=form), 422
    except Invalid as refused:
        form.refuse(refused)
        return render_template("admin/account_new.html", form=form), 422
    flash(gettext(MADE), "success")
    return redirect(made)


def _make(work: Session, form: NewForm, now: datetime) -> str:
    role, actor = form.entry(), current_actor()
    managing.check(work, role)
    entry = AccountEntry(
        login=form.login.data or "",
        password=passwords.NOT_CHOSEN,
        display_name=form.name.data or "",
        roles=((role.role, role.area_code, role.district_code),),
        starts_on=role.starts_on,
        ends_on=role.ends_on,
    )
    made = add_account(work, entry, actor, now)
    return url_for("admin_accounts.show", account_id=made.id)


@pages.get("/<int:account_id>")
@access("account.list")
def show(account_id: int) -> str:
    """Show one log-in."""
    return _page(_get(account_id), RoleForm(formdata=None, starts_on=clock.today()))


def _get(account_id: int) -> Account:
    return queries.get_account(db.session(), account_id)


def _page(account: Account, form: RoleForm) -> str:
    form.version.data = str(account.version)
    return render_template(
        "admin/account.html",
        account=account,
        form=form,
        names=_names_shown(),
        roles=ROLES,
        today=clock.today(),
        own=account.id == current_actor().account_id,
        desk=desk_of(db.session(), account.id),
        group=group_of(db.session(), account.id),
        groups=active_groups(db.session()),
        desks={code: desk_line(code) for code in REFERRAL_BY_CODE},
    )


@pages.post("/<int:account_id>/roles")
@access("account.manage")
def give(account_id: int) -> Any:
    """Add a role."""
    form, account = RoleForm(), _get(account_id)
    if not form.validate_on_submit():
        return _page(account, form), 422
    try:
        once(
            "roles",
            lambda work, who, now: managing.give_role(
                work, account_id, whole(form.version.data), form.entry(), who, now
            ),
        )
    except Invalid as refused:
        form.refuse(refused)
        return _page(_get(account_id), form), 422
    return _back(account_id, _("役割を加えました。"))


@pages.post("/<int:account_id>/roles/<int:role_id>/end")
@access("account.manage")
def end(account_id: int, role_id: int) -> Response:
    """Set the last day of a role."""
    form = EndForm()
    last = form.ends_on.data
    if not form.validate_on_submit() or last is None:
        raise Invalid("終わりの日を入力してください。", field="ends_on")
    once(
        "roles",
        lambda work, who, now: managing.end_role(
            work, account_id, whole(form.version.data), role_id, last, who, now
        ),
    )
    return _back(account_id, _("役割の終わりの日を決めました。"))


@pages.post("/<int:account_id>/letter")
@access("account.manage")
def letter_posted(account_id: int) -> str:
    """Print a letter; the one printed before is worth nothing."""
    with transaction() as work:
        account = queries.get_account(work, account_id)
        minted = tickets.mint(work, account, "activation", current_actor(), clock.now())
        return letter(minted, back=url_for("admin_accounts.show", account_id=account_id))


@pages.post("/<int:account_id>/<act>")
@access("account.manage")
def act(account_id: int, act: str) -> Any:
    """Close, open, or sign out everywhere."""
    if act not in ACTS:
        raise NotFound
    do, told = ACTS[act]
    try:
        with transaction() as work:
            do(work, account_id, current_actor(), clock.now())
    except Invalid as refused:
        flash(said(refused), "warning")
        return _back(account_id, "")
    return _back(account_id, told)


def _back(account_id: int, told: str) -> Response:
    if told:
        flash(gettext(told), "success")
    return redirect(url_for("admin_accounts.show", account_id=account_id))
