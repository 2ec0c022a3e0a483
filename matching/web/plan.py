"""The plan over all open needs: what it places, what it cannot and why, and making it anew."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matching.coordination import queries
from matching.kernel import audit, clock
from matching.kernel.database import db, transaction
from matching.kernel.outbox import is_waiting, plan_afresh
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.surroundings import short_day

pages = Blueprint("plan", __name__)


@pages.get("/desk/plan")
@access("plan.read")
def show() -> str:
    """Show the newest plan."""
    session, actor = db.session(), current_actor()
    run = queries.find_latest_run(session, state="done")
    planned = queries.list_planned(session, run.id, actor.area_code) if run else []
    gaps = queries.list_gaps(session, run.id, actor.area_code) if run else []
    return render_template(
        "desk/plan.html",
        run=run,
        planned=[_planned(proposal) for proposal in planned],
        gaps=[_gap(outcome, need) for outcome, need in gaps],
        waiting=is_waiting(session, "plan", "plan_full"),
    )


def _planned(proposal: Any) -> dict[str, Any]:
    slots = [slot for slot in proposal.slots if slot["planned"] is not None]
    return {
        "need": proposal.need,
        "category": wording.category(proposal.need.category_code),
        "volunteer": proposal.volunteer,
        "score": proposal.score,
        "slots": [_slot(slot) for slot in slots],
    }


def _slot(slot: dict[str, Any]) -> str:
    start = slot["planned"]
    day = short_day(date.fromisoformat(slot["on"]))
    return f"{day} {wording.span(start, start + slot['minutes'])}"


def _gap(outcome: Any, need: Any) -> dict[str, Any]:
    gates = sorted(wording.gate_lines(outcome.excluded), key=lambda gate: -gate["count"])
    return {
        "need": need,
        "category": wording.category(need.category_code),
        "missing": sum(gap["missing"] for gap in outcome.unplaced),
        "reasons": list(dict.fromkeys(wording.UNPLACED[gap["reason"]] for gap in outcome.unplaced)),
        "gates": gates[:3],
    }


@pages.post("/desk/plan")
@access("plan.run")
def ask() -> Response:
    """Ask for a new plan; the worker makes it."""
    with transaction() as work:
        plan_afresh(work, clock.now())
        audit.record(work, current_actor(), clock.now(), "plan_asked", "planning_run", None)
    return redirect(url_for("plan.show"))
