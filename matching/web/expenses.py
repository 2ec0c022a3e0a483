"""What a visit cost: claimed by who went or typed at the desk, checked by somebody else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matching.activities import expenses, queries
from matching.activities.expense_models import ExpenseClaim
from matching.activities.expense_rules import CASH_FOR, KINDS, PAYERS, STATES, allowed_kinds
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import Invalid
from matching.kernel.permissions import DESK
from matching.web.access import access, current_actor
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.visits import NUMBER, visit_line

pages = Blueprint("expenses", __name__)

CLAIM = "<int:claim_id>"
SENT = _("費用を受け付けました。確認してからお知らせします。")
KEPT = _("お預かりしたお金を記録しました。")
DECIDED = _("記録しました。")


@pages.get(f"/my/activities/{NUMBER}/expenses")
@access("my.read")
def form(placement_id: int) -> str:
    """Show what was claimed for a visit, and the form for one more outlay."""
    session, actor = db.session(), current_actor()
    placement, activity = queries.get_visit(session, placement_id, actor)
    return render_template(
        "my/expenses.html",
        visit=visit_line(placement, activity),
        at_desk_now=not DESK.isdisjoint(actor.roles),
        claims=[claim_line(each) for each in expenses.claims_of(session, placement_id)],
        kinds={code: gettext(KINDS[code]) for code in allowed_kinds(placement.need.category_code)},
        payers=PAYERS,
        terms=expenses.terms_on(session, clock.local_date(placement.starts_at)),
        cash=expenses.cash_of(session, placement_id),
        cash_allowed=placement.need.category_code in CASH_FOR,
    )


def claim_line(claim: ExpenseClaim) -> dict[str, Any]:
    """Return one outlay with where it stands."""
    return {
        "id": claim.id,
        "kind": gettext(KINDS[claim.kind]),
        "km": claim.km,
        "yen": claim.yen,
        "receipt": claim.receipt,
        "payer": gettext(PAYERS[claim.payer]),
        "state": claim.state,
        "label": gettext(STATES[claim.state]),
    }


@pages.post(f"/my/activities/{NUMBER}/expenses")
@access("my.answer")
def claim(placement_id: int) -> Response:
    """Claim one outlay."""
    outlay = read_outlay(request.form)
    once("expense", lambda work, who, now: expenses.claim(work, placement_id, outlay, who, now))
    flash(str(SENT), "success")
    return redirect(url_for("expenses.form", placement_id=placement_id))


@pages.post(f"/my/activities/{NUMBER}/cash")
@access("my.answer")
def cash(placement_id: int) -> Response:
    """Write down the money taken along to the shop."""
    typed = request.form
    kept = expenses.Cash(
        read_yen(typed, "taken"),
        read_yen(typed, "spent"),
        read_yen(typed, "returned"),
        typed.get("receipt") == "1",
    )
    once("cash", lambda work, who, now: expenses.keep_cash(work, placement_id, kept, who, now))
    flash(str(KEPT), "success")
    return redirect(url_for("expenses.form", placement_id=placement_id))


def read_outlay(typed: MultiDict[str, str]) -> expenses.Outlay:
    """Read one outlay of a form; raises Invalid where a number is none."""
    kind = typed.get("kind", "")
    return expenses.Outlay(
        kind,
        km=_km(typed.get("km", "")) if kind == "fuel" else None,
        yen=None if kind == "fuel" else read_yen(typed, "yen"),
        receipt=typed.get("receipt") == "1",
        payer=typed.get("payer", "centre"),
    )


def _km(typed: str) -> float | None:
    try:
        found = float(typed)
    except ValueError:
        return None
    return round(found, 1) if 0 < found < 1000 else None


def read_yen(typed: MultiDict[str, str], name: str) -> int:
    """Read an amount of a form; raises Invalid where it is no number."""
    digits = typed.get(name, "").replace(",", "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 7):
        raise Invalid(gettext(expenses.NO_YEN), field=name)
    return int(digits)


@pages.get("/desk/expenses")
@access("expense.read")
def overview() -> str:
    """Show what waits for a decision or a payment."""
    session, actor = db.session(), current_actor()
    found = expenses.list_claims(session, actor)
    return render_template(
        "desk/expenses.html",
        rows=[
            claim_line(each)
            | {
                "visit": visit_line(each.placement, None),
                "volunteer": each.placement.volunteer.person.name,
                "own": each.claimed_by_id == actor.account_id,
            }
            for each in found
        ],
        total=sum(each.yen for each in found if each.state == "approved"),
    )


@pages.post(f"/desk/expenses/{CLAIM}")
@access("expense.decide")
def decide(claim_id: int) -> Response:
    """Approve, return or pay one claim."""
    after = request.form.get("after", "")
    once("expense-decided", lambda work, who, now: expenses.decide(work, claim_id, after, who, now))
    flash(str(DECIDED), "success")
    return redirect(url_for("expenses.overview"))
