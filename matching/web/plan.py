"""The plan over all open needs: what it places, what it cannot and why, and making it anew."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.coordination import accepting, progressing, queries
from matching.coordination.models import PlanningRun
from matching.coordination.pair_queries import list_changes, list_openers, usual_seconds
from matching.kernel import audit, clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.outbox import plan_afresh
from matching.web import plan_view
from matching.web.access import access, current_actor
from matching.web.forms import accept

pages = Blueprint("plan", __name__)


@pages.get("/desk/plan")
@access("plan.read")
def show() -> str:
    """Show the newest plan."""
    session, actor = db.session(), current_actor()
    run = queries.find_latest_run(session, state="done")
    rules = plan_view.rule_rows(session, actor)
    held = {(rule["need"], rule["volunteer"]): rule["id"] for rule in rules if not rule["lapsed"]}
    weighed = accepting.weigh(session, run.id, actor, clock.now()) if run else []
    gaps = queries.list_gaps(session, run.id, actor) if run else []
    return render_template(
        "desk/plan.html",
        run=run,
        planned=[plan_view.planned_row(each.proposal, held) for each in weighed],
        safe=sum(each.safe for each in weighed),
        gaps=[plan_view.gap_row(outcome, need) for outcome, need in gaps],
        rules=rules,
        since=request.args.get("since") == "yesterday",
        changes=_changes(session, run),
        openers=_openers(session, run),
        **_state(session),
    )


def _changes(session: Session, run: PlanningRun | None) -> list[dict[str, Any]]:
    if run is None or run.previous_id is None:
        return []
    since = request.args.get("since") == "yesterday"
    found = list_changes(session, run, current_actor(), since_yesterday=since)
    return [plan_view.change_row(change) for change in found]


def _openers(session: Session, run: PlanningRun | None) -> list[str]:
    found = list_openers(session, run.id, current_actor()) if run else []
    return [plan_view.opener_sentence(opener) for opener in found]


def _state(session: Session) -> dict[str, Any]:
    """What is under way, and how long it takes as a rule."""
    waiting = progressing.under_way(session)
    told = progressing.find_progress(session) if waiting else None
    usual = usual_seconds(session, "full" if progressing.full_under_way(session) else "repair")
    return {
        "waiting": waiting,
        "stage": plan_view.STAGES.get(told.stage if told else "asked"),
        "share": round(100 * told.share) if told else 0,
        "usual": usual,
    }


@pages.get("/desk/plan/state")
@access("plan.read")
def state() -> Response:
    """Tell a page that is open whether there is something new: nothing, progress, or a new plan."""
    session = db.session()
    run = queries.find_latest_run(session, state="done")
    seen = request.args.get("run", "")
    newer = run is not None and str(run.id) != seen
    html = render_template("desk/plan_news.html", newer=newer, seen=seen, **_state(session))
    etag = hashlib.sha256(html.encode()).hexdigest()[:16]
    if request.args.get("etag") == etag:
        return Response(status=204)
    answer = make_response(html.replace("ETAG", etag))
    answer.set_etag(etag)
    return answer.make_conditional(request)


@pages.post("/desk/plan")
@access("plan.run")
def ask() -> Response:
    """Ask for a new plan; the worker makes it."""
    with transaction() as work:

        def tell() -> str:
            plan_afresh(work, clock.now())
            audit.record(work, current_actor(), clock.now(), "plan_asked", "planning_run", None)
            return "asked"

        replies.once(work, accept("plan"), clock.now(), tell)
    return redirect(url_for("plan.show"))
