"""Needs many at once: put into somebody's hands, or put off, after a look at what would happen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.needs import handing, queries
from matching.needs.models import Need
from matching.web.access import access, current_actor
from matching.web.bulk import MOST, Act, Line, do_once, sent_rows, show_preview, show_refused
from matching.web.colleagues import colleagues
from matching.web.forms import whole
from matching.web.need_lines import need_line
from matching.web.need_list import narrowed, wanted_of
from matching.web.registers import gettext
from matching.web.surroundings import short_day

pages = Blueprint("need_bulk", __name__)
NO_ROWS = "困りごとを選んでください。"
NO_ACT = "何をするかを選んでください。"
NO_OWNER = "担当する方を選んでください。"
ACTS = ("assign", "put_off")


class Wish:
    """What was asked for: an act with its owner, or its day and reason."""

    def __init__(self, session: Session, typed: MultiDict[str, str]) -> None:
        self.act = typed.get("act", "")
        self.reason = typed.get("reason", "").strip()[:200]
        if self.act not in ACTS:
            raise Invalid(NO_ACT, field="act")
        if self.act == "assign":
            self.owner_id, self.owner = _owner(session, typed.get("owner", ""))
        else:
            self.until_on = _day(typed.get("until_on", ""))
            handing.check_wait(self.until_on, self.reason, clock.now())

    def line(self, need: Need) -> Line:
        """Say what would happen to a need, or why it is left out."""
        told = need_line(need)
        if self.act == "assign":
            why_not = handing.why_not_assign(need, self.owner_id)
            will = gettext("%(name)sさんの担当にします。", name=self.owner)
        else:
            why_not = handing.why_not_put_off(need, self.until_on)
            will = gettext("%(day)sに、もう一度出します。", day=short_day(self.until_on))
        title = f"{told['reference']} {told['title']}"
        return Line(
            need.reference,
            need.version,
            title,
            told["href"],
            will,
            gettext(why_not) if why_not else "",
        )

    def do(self, work: Session, actor: Actor, now: datetime) -> Act:
        """Return what is done to one need, by its number."""

        def act(reference: str, version: int) -> None:
            need = queries.lock_need(work, queries.get_need(work, reference, actor).id)
            if self.act == "assign":
                handing.assign(work, need, self.owner_id, version, actor, now)
            else:
                handing.put_off(work, need, self.until_on, self.reason, version, actor, now)

        return act

    def fields(self) -> dict[str, Any]:
        """Return what the confirmed preview sends back."""
        if self.act == "assign":
            return {"act": self.act, "owner": self.owner_id}
        day = self.until_on.isoformat()
        return {"act": self.act, "until_on": day, "reason": self.reason}


def _owner(session: Session, typed: str) -> tuple[int, str]:
    known = colleagues(session)
    number = whole(typed)
    if number not in known:
        raise Invalid(NO_OWNER, field="owner")
    return number, known[number]


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise Invalid(handing.PAST, field="until_on") from error


@pages.get("/desk/needs/bulk")
@access("need.triage")
def preview() -> Any:
    """Show what would happen to each chosen need; nothing has happened yet."""
    session, actor = db.session(), current_actor()
    back = wanted_of(request.args).href()
    try:
        needs, more = _chosen(session, actor)
        wish = Wish(session, request.args)
    except Invalid as refused:
        return show_refused(refused, back)
    lines = [wish.line(need) for need in needs]
    return show_preview(lines, wish.fields(), "/desk/needs/bulk", back, more)


def _chosen(session: Session, actor: Actor) -> tuple[list[Need], int]:
    """Return the chosen needs, at most as many as one act takes, and how many are beyond."""
    known = queries.known_to(actor)
    if request.args.get("all") == "1":
        wanted = narrowed(actor, wanted_of(request.args)) & known
    else:
        picked = request.args.getlist("need")[:MOST]
        if not picked:
            raise Invalid(NO_ROWS, field="need")
        wanted = Need.reference.in_(picked) & known
    found = list(queries.list_first(session, wanted, limit=MOST))
    return found, queries.count(session, wanted) - len(found)


@pages.post("/desk/needs/bulk")
@access("need.triage")
def confirmed() -> str:
    """Do it to each of them; sent twice it is done once."""
    actor, now, rows = current_actor(), clock.now(), sent_rows()
    with transaction() as work:
        wish = Wish(work, request.form)
        outcome = do_once(work, "need-bulk", now, rows, wish.do(work, actor, now))
    return render_template(
        "desk/bulk_done.html",
        done=[{"title": key, "href": f"/desk/needs/{key}"} for key in outcome.done],
        left=[{"title": key, "why": why} for key, why in outcome.left],
        back="/desk/needs",
    )
