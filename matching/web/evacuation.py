"""The city's list of a disaster at the desk: taken in, read for a purpose, purged, certified."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from matching.evacuation import holding
from matching.evacuation.models import EvacuationList
from matching.evacuation.rules import BASES, ENDINGS, PURPOSES
from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.permissions import STAFF, may
from matching.noticeboard.switching import mode_of, newest
from matching.people.models import Account, Role
from matching.web.access import access, current_actor
from matching.web.forms import whole
from matching.web.sending import once

pages = Blueprint("evacuation", __name__)

NUMBER = "<int:list_id>"
TAKEN = _("名簿の写しをあずかりました。見られるのは、あなたと選んだ方だけです。")
GONE = _("名簿の写しを消しました。消去の証明をこの画面から印刷できます。")


@pages.get("/desk/evacuation")
@access("evacuation.read")
def home() -> str:
    """Show the copies I am named on, and to a manager the form that takes one in."""
    session, actor = db.session(), current_actor()
    staff = session.scalars(
        select(Account)
        .where(Account.id.in_(select(Role.account_id).where(Role.role.in_(STAFF))))
        .where(Account.disabled_at.is_(None), Account.id != actor.account_id)
        .order_by(Account.display_name)
    ).all()
    return render_template(
        "desk/evacuation.html",
        lists=holding.lists_of(session, actor),
        disaster=mode_of(newest(session)) == holding.DISASTER,
        manages=may(actor, "evacuation.manage"),
        staff=staff,
        bases=BASES,
        endings=ENDINGS,
    )


@pages.post("/desk/evacuation")
@access("evacuation.manage")
def take_in() -> Response:
    """Take a copy in."""
    form = request.form
    copy = holding.Copy(
        form.get("title", ""),
        form.get("handed_by", ""),
        form.get("basis", ""),
        whole(form.get("days")),
        form.get("text", ""),
        {whole(each) for each in form.getlist("reader")} & _accounts(),
    )
    once("evacuation", lambda work, who, now: holding.take_in(work, copy, who, now))
    flash(str(TAKEN), "success")
    return redirect("/desk/evacuation")


def _accounts() -> set[int]:
    held = select(Role.account_id).where(Role.role.in_(STAFF))
    return set(db.session().scalars(held))


@pages.get(f"/desk/evacuation/{NUMBER}")
@access("evacuation.read")
def show(list_id: int) -> str:
    """Show what is known of a copy, who looked at it, and its end; none of its lines."""
    return _page(holding.get_list(db.session(), list_id, current_actor()), None)


@pages.post(f"/desk/evacuation/{NUMBER}/read")
@access("evacuation.read")
def read(list_id: int) -> str:
    """Show lines for a purpose; the look is written down in the same transaction."""
    purpose, words = request.form.get("purpose", ""), request.form.get("words", "")[:100]
    with transaction() as work:
        lines = holding.read(work, list_id, purpose, words, current_actor(), clock.now())
    return _page(holding.get_list(db.session(), list_id, current_actor()), lines)


@pages.post(f"/desk/evacuation/{NUMBER}/purge")
@access("evacuation.manage")
def purge(list_id: int) -> Response:
    """Destroy a copy."""
    once("evacuation-purge", lambda work, who, now: holding.purge(work, list_id, who, now))
    flash(str(GONE), "success")
    return redirect(f"/desk/evacuation/{list_id}")


def _page(row: EvacuationList, lines: list[str] | None) -> str:
    session = db.session()
    reads = holding.reads_of(session, row.id)
    people = {row.received_by_id, row.purged_by_id, *(each.read_by_id for each in reads)} - {None}
    named = select(Account.id, Account.display_name).where(Account.id.in_(people))
    return render_template(
        "desk/evacuation_list.html",
        row=row,
        lines=lines,
        reads=reads,
        names={row[0]: row[1] for row in session.execute(named)},
        bases=BASES,
        purposes=PURPOSES,
        endings=ENDINGS,
        manages=may(current_actor(), "evacuation.manage"),
        open=holding.is_open(session, row, clock.now()),
    )
