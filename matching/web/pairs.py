"""Holding a pair, keeping it out of the plan, taking that back, deciding what is safe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.coordination import accepting, pairing, queries
from matching.coordination.pair_queries import find_suggestion
from matching.coordination.placing import Choice
from matching.kernel import clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Conflict
from matching.needs.models import Need
from matching.needs.queries import get_need
from matching.volunteers.models import Volunteer
from matching.web import plan_view, wording
from matching.web.access import access, current_actor
from matching.web.forms import accept, whole
from matching.web.needs import read_choice
from matching.web.needs_view import WHOLE_PLAN
from matching.web.registers import gettext

pages = Blueprint("pairs", __name__)


def _back(reference: str) -> str:
    """Where the form was: the plan, or the page of its need."""
    if request.form.get("back") == "plan":
        return url_for("plan.show")
    return url_for("needs.show", reference=reference)


@pages.post("/desk/needs/<reference>/pairs/<volunteer>/lock")
@access("plan.pair")
def lock(reference: str, volunteer: str) -> Response:
    """Hold a volunteer for a visit, so that every plan keeps to it."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def hold() -> str:
            choices = _choices(work, reference, volunteer)
            try:
                pairing.lock_pair(work, reference, volunteer, choices, _reason(), actor, now)
            except pairing.ShutOut as refused:
                raise Conflict(_shut_out(refused), code=refused.code) from None
            return reference

        replies.once(work, accept("lock"), now, hold)
    flash(gettext("おさえました。調整案を作り直しても、この組み合わせは変わりません。"), "success")
    return redirect(_back(reference))


def _reason() -> str:
    return request.form.get("reason", "")


def _choices(work: Session, reference: str, volunteer: str) -> Sequence[Choice]:
    slot = request.form.get("slot", "")
    if slot != WHOLE_PLAN:
        return [read_choice(slot)]
    need = get_need(work, reference, current_actor())
    who = work.scalar(select(Volunteer.id).where(Volunteer.reference == volunteer))
    found = find_suggestion(work, need.id, who or 0)
    return [
        Choice(date.fromisoformat(each["on"]), each["planned"])
        for each in (found.slots if found else [])
        if each["planned"] is not None
    ]


def _shut_out(refused: pairing.ShutOut) -> str:
    gates = gettext("、").join(str(wording.GATES[gate][0]) for gate in refused.gates)
    return gettext("この方は、いまはおさえられません：%(gates)s", gates=gates)


@pages.post("/desk/needs/<reference>/pairs/<volunteer>/forbid")
@access("plan.pair")
def forbid(reference: str, volunteer: str) -> Response:
    """Keep a volunteer out of the plan for a need."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def rule_out() -> str:
            pairing.forbid_pair(work, reference, volunteer, _reason(), actor, now)
            return reference

        replies.once(work, accept("forbid"), now, rule_out)
    flash(gettext("この組み合わせを調整案から外しました。"), "success")
    return redirect(_back(reference))


@pages.post("/desk/pairs/<int:rule_id>/release")
@access("plan.pair")
def release(rule_id: int) -> Response:
    """Let go of a held pair, or let a pair that was kept out back in."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def let_go() -> str:
            version = request.form.get("version", "")
            rule = pairing.release_pair(work, rule_id, version, actor, now)
            return work.get_one(Need, rule.need_id).reference

        reference = replies.once(work, accept("release"), now, let_go)
    flash(gettext("取り消しました。調整案を直しています。"), "success")
    return redirect(_back(reference))


@pages.get("/desk/plan/safe")
@access("placement.confirm")
def preview() -> str:
    """Show what may be decided in one step, and what wants a closer look and why."""
    session = db.session()
    run = queries.find_latest_run(session, state="done")
    weighed = accepting.weigh(session, run.id, current_actor(), clock.now()) if run else []
    return render_template(
        "desk/plan_safe.html",
        run=run,
        safe=[plan_view.weighed_row(each) for each in weighed if each.safe],
        others=[plan_view.weighed_row(each) for each in weighed if not each.safe],
    )


@pages.post("/desk/plan/safe")
@access("placement.confirm")
def accept_safe() -> Response:
    """Decide the chosen safe proposals; those that changed meanwhile stay as they are."""
    actor, now = current_actor(), clock.now()
    chosen = {whole(each) for each in request.form.getlist("proposal")} - {0}
    with transaction() as work:

        def decide() -> str:
            run = queries.find_latest_run(work, state="done")
            if run is None:
                raise Conflict(gettext("調整案は、まだ作られていません。"))
            decided, refused = accepting.accept_safe(work, run.id, chosen, actor, now)
            names = [r.proposal.need.reference for r in refused if r.proposal.need]
            return f"{len(decided)} {' '.join(names)}"

        done, *left = replies.once(work, accept("accept_safe"), now, decide).split()
    _tell(int(done), len(chosen), left)
    return redirect(url_for("plan.show"))


def _tell(done: int, chosen: int, left: Sequence[str]) -> None:
    if done:
        sentence = gettext("%(count)s件を決定しました。お二人に連絡してください。", count=done)
        flash(sentence, "success")
    if done < chosen:
        count = chosen - done
        sentence = gettext("%(count)s件は内容が変わったため、決めていません。", count=count)
        flash(sentence + gettext("、").join(left), "warning")
