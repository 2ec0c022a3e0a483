"""The need page: the story on one side, the next step on the other; triage, candidates, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.catalogue.reference import CATEGORIES
from matching.coordination import cancelling, confirming, progressing, untriaging
from matching.coordination import queries as coordination
from matching.coordination.disclosing import ASIDE, COORDINATION, disclose
from matching.coordination.explaining import explain_pair, names_by_gate
from matching.coordination.models import Proposal
from matching.coordination.placing import Choice
from matching.coordination.ties import in_queue
from matching.coordination.waves import plan_wave
from matching.coordination.weighing import live_weights
from matching.kernel import audit, clock, replies
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.kernel.permissions import STAFF, sees_area
from matching.kernel.row_security import citywide
from matching.needs import queries, triaging
from matching.needs.models import Need
from matching.needs.rules import PLANNED, PREVIEWED, STATES
from matching.needs.snow import SNOW
from matching.people.disclosures import CONTACT, note_disclosure
from matching.volunteers.queries import is_within
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.approvals import approval_of
from matching.web.forms import Form, accept
from matching.web.my_data import PURPOSES_SEEN
from matching.web.need_story import story_of
from matching.web.needs_view import WHOLE_PLAN, candidate_lines, facts_of
from matching.web.plan_view import rule_rows
from matching.web.readings import line
from matching.web.referrals import conference_rows, desk_choices, referral_rows
from matching.web.registers import gettext
from matching.web.triage_form import TriageForm
from matching.web.undoing import done
from matching.web.waves_view import wave_of

pages = Blueprint("needs", __name__)
FIRST = 5
REFERRALS = {category.code: category.referral for category in CATEGORIES}


class CancelForm(Form):
    """Why a placement is taken back."""

    reason = line(_("取りやめる理由"), required=_("取りやめる理由を入力してください。"))


@pages.get("/desk/needs/<reference>")
@access("need.read")
def show(reference: str) -> str:
    """Show a need; staff who read it are in its story."""
    actor = current_actor()
    if queries.find_paused(db.session(), reference, actor):
        return render_template("desk/need_paused.html", reference=reference)
    need = queries.get_need(db.session(), reference, actor)
    covered = not in_queue(need, actor)
    with transaction() as work:
        subject, seen = ("need", need.id), ("name",) if covered else CONTACT
        note_disclosure(
            work, actor, need.requester_id, subject, COORDINATION, clock.now(), fields=seen
        )
    return _page(need, _triage(need))


@pages.post("/desk/needs/<reference>/contacts")
@access("need.read")
def contacts(reference: str) -> Response | str | tuple[str, int]:
    """Uncover the contacts of a need that is no work of the desk any more; says what for (T22)."""
    purpose = request.form.get("purpose", "")
    with transaction() as work:
        need = queries.get_need(work, reference, current_actor())
        if in_queue(need, current_actor()):
            return redirect(url_for("needs.show", reference=reference))
        if purpose in ASIDE:
            disclose(work, current_actor(), need, purpose, clock.now())
    page = _page(need, _triage(need), told=purpose in ASIDE)
    return page if purpose in ASIDE else (page, 422)


def _triage(need: Need) -> TriageForm:
    form = TriageForm(formdata=None, version=str(need.version), next_action="手伝う人をさがす")
    form.start_from(need, REFERRALS.get(need.category_code))
    return form


def _page(need: Need, form: TriageForm, *, told: bool = False) -> str:
    session, actor = db.session(), current_actor()
    covered = not told and not in_queue(need, actor)
    staff = not STAFF.isdisjoint(actor.roles)
    proposals = coordination.list_candidates(session, need.id, actor) if staff else []
    everyone = request.args.get("all") == "1"
    near = proposals if everyone else _nearest(proposals)
    outcome = coordination.find_outcome(session, need.id) if staff else None
    approval = approval_of(session, need)
    askable = need.state in PLANNED and (not approval or approval["state"] == "approved")
    return render_template(
        "desk/need.html",
        need=need,
        staff=staff,
        letter=sees_area(actor, need.requester.area_code),
        facts=facts_of(session, need, sensitive=staff and not covered, contacts=not covered),
        covered=covered,
        purposes={code: PURPOSES_SEEN[code] for code in ASIDE},
        what=wording.category(need.category_code),
        state=gettext(STATES[need.state]),
        triage=form if need.state in {*PREVIEWED, "on_hold"} and staff else None,
        can_confirm=askable,
        candidates=candidate_lines(session, near),
        first=FIRST if everyone else len(near),
        others=len(proposals) - len(near),
        everyone=everyone,
        wave=_wave(need) if proposals and askable else None,
        outcome=outcome,
        gates=wording.gate_lines(outcome.excluded) if outcome else [],
        unplaced=[wording.UNPLACED[gap["reason"]] for gap in outcome.unplaced] if outcome else [],
        placements=coordination.list_placements(
            session, need_id=need.id, actor=actor, cancelled=True
        ),
        cancel=CancelForm(formdata=None),
        pair_rules=rule_rows(session, actor, need.id) if staff else [],
        story=story_of(session, need, sensitive=staff and not covered),
        approval=approval,
        referrals=referral_rows(session, need),
        conferences=conference_rows(session, need),
        desk_choices=desk_choices(session, need),
        no_day=outcome is not None and outcome.visits == 0,
        snow=need.category_code in SNOW,
        waiting=need.state in {*PLANNED, *PREVIEWED}
        and (outcome is None or outcome.need_version < need.version),
        planning=progressing.under_way(session),
        seen=_state(need),
    )


def _nearest(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return who travels with the page: the best few and whoever was asked."""
    asked = [each for each in proposals[FIRST:] if each.state != "suggested"]
    return [*proposals[:FIRST], *asked]


def _state(need: Need) -> str:
    """Name what the planner last said of a need, and whether it is at work."""
    outcome = coordination.find_outcome(db.session(), need.id)
    run = outcome.run_id if outcome else 0
    return f"{run}-{'planning' if progressing.under_way(db.session()) else 'done'}"


@pages.get("/desk/needs/<reference>/news")
@access("need.candidates")
def news(reference: str) -> Response:
    """Tell a page that is open whether there is something new: nothing, or the page itself."""
    need = queries.get_need(db.session(), reference, current_actor())
    if request.args.get("seen") == _state(need):
        return Response(status=204)
    return redirect(url_for("needs.show", reference=reference, all=request.args.get("all")))


def _wave(need: Need) -> dict[str, Any]:
    """Whom to ask now; looking at it asks nobody."""
    session = db.session()
    with citywide(session):  # some come from elsewhere, or are asked for something there
        return wave_of(plan_wave(session, need, clock.now(), actor=current_actor()))


@pages.get("/desk/needs/<reference>/excluded/<gate>")
@access("need.candidates")
def excluded(reference: str, gate: str) -> str:
    """Name the people whom a gate shuts out, with what each would need; reading is recorded."""
    if gate not in wording.GATES:
        abort(404)
    with transaction() as work:
        actor, now = current_actor(), clock.now()
        need = queries.get_need(work, reference, actor)
        found = names_by_gate(work, need, gate, clock.today(), actor)
        people = [(who, wording.told(facts)) for who, facts in found]
        audit.record(work, actor, now, "excluded_read", "need", need.id, gate=gate)
        label, opens = wording.GATES[gate]
        return render_template(
            "desk/excluded.html", need=need, label=label, opens=opens, people=people
        )


@pages.get("/desk/needs/<reference>/explain/<volunteer>")
@access("need.candidates")
def explain(reference: str, volunteer: str) -> str:
    """Show everything that speaks for or against one volunteer for this need."""
    actor = current_actor()
    need = queries.get_need(db.session(), reference, actor)
    found = explain_pair(db.session(), need, volunteer, clock.today(), actor)
    points = live_weights(db.session()).points
    return render_template(
        "desk/explain.html",
        need=need,
        pair=found,
        within_reach=is_within(db.session(), found.volunteer.id, actor),
        gates=[(*wording.GATES[gate], wording.told(facts)) for gate, facts in found.gates.items()],
        factors=wording.factor_lines(found.factors, points) if found.factors else [],
    )


@pages.post("/desk/needs/<reference>/triage")
@access("need.triage")
def triage(reference: str) -> Any:
    """Decide what becomes of a need."""
    form, actor = TriageForm(), current_actor()
    need = queries.get_need(db.session(), reference, actor)
    if not form.validate_on_submit():
        return _page(need, form), 422
    decision = form.decision()
    try:
        with transaction() as work:
            stood, now = untriaging.Stood.of(need), clock.now()

            def decide() -> str:
                decided = triaging.triage(work, reference, decision, actor, now)
                return str(stood.offer(work, decided, decision.outcome, actor, now) or "")

            offered = replies.once(work, accept("triage"), now, decide)
    except Invalid as refused:
        form.refuse(refused)
        return _page(queries.get_need(db.session(), reference, actor), form), 422
    done(gettext("見立てを記録しました。"), offered)
    return redirect(url_for("needs.show", reference=reference))


@pages.post("/desk/proposals/<int:proposal_id>/confirm")
@access("placement.confirm")
def confirm(proposal_id: int) -> Response:
    """Place the proposed volunteer on the chosen visit."""
    slot = request.form.get("slot", "")
    choice = None if slot == WHOLE_PLAN else read_choice(slot)
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def place() -> str:
            if choice is None:
                [placement, *_more] = confirming.confirm_planned(work, proposal_id, actor, now)
            else:
                placement = confirming.confirm(work, proposal_id, choice, actor, now)
            return work.get_one(Need, placement.need_id).reference

        reference = replies.once(work, accept("confirm"), now, place)
    flash(gettext("決定しました。お二人に連絡してください。"), "success")
    return redirect(url_for("needs.show", reference=reference))


def read_choice(slot: str) -> Choice:
    """Read 2026-12-01T09:30; raises Invalid for anything else."""
    day, _, time = slot.partition("T")
    hour, _, minute = time.partition(":")
    try:
        start = int(hour) * 60 + int(minute)
        if not 0 <= start < 1440:
            raise ValueError
        return Choice(date.fromisoformat(day), start)
    except ValueError:
        raise Invalid(gettext("日時を選んでください。"), field="slot") from None


@pages.post("/desk/placements/<int:placement_id>/cancel")
@access("placement.cancel")
def cancel(placement_id: int) -> Response:
    """Take a placement back, with the reason."""
    form = CancelForm()
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        placement = cancelling.cancel(work, placement_id, form.reason.data or "", actor, now)
        reference = work.get_one(Need, placement.need_id).reference
    flash(gettext("取りやめました。ほかの候補をさがし直しています。"), "success")
    return redirect(url_for("needs.show", reference=reference))
