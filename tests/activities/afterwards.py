"""What follows in a random walk: approvals, outlay, complaints, calls, certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from matching.activities import cases, certifying, expenses, following, missing
from matching.activities.absence_models import Absence
from matching.activities.case_models import Complaint, Incident
from matching.activities.case_rules import COMPLAINT_STATES, INCIDENT_STATES
from matching.activities.expense_models import ExpenseClaim
from matching.activities.follow_models import FollowUp
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.needs.approval_models import NeedApproval
from matching.needs.approving import decide_approval
from matching.needs.models import Need
from matching.volunteers.models import Volunteer

if TYPE_CHECKING:
    from tests.activities.test_walk import Walk


def approve(walk: Walk) -> None:
    row = walk.any_of(NeedApproval, NeedApproval.state == "asked")
    if isinstance(row, NeedApproval):
        need, agreed = walk.session.get_one(Need, row.need_id), walk.draw.random() < 0.8
        decide_approval(walk.session, need.reference, agreed, "見た", walk.boss, walk.now)


def complain(walk: Walk) -> None:
    need = walk.any_of(Need)
    if isinstance(need, Need):
        kind = "complaint_from_requester"
        cases.open_complaint(walk.session, need.reference, kind, "困る", walk.staff, walk.now)


def deal(walk: Walk) -> None:
    sort, model, states = walk.draw.choice(
        (("incident", Incident, INCIDENT_STATES), ("complaint", Complaint, COMPLAINT_STATES))
    )
    row = walk.any_of(model)
    if row is not None:
        step = cases.Step(walk.draw.choice(list(states)), "した", "none")
        cases.advance(walk.session, sort, row.id, step, walk.staff, walk.now)  # type: ignore[attr-defined]


def follow(walk: Walk) -> None:
    row = walk.any_of(FollowUp)
    if isinstance(row, FollowUp):
        outcome = walk.draw.choice(("continue", "adjust", "end", "unreachable"))
        heard = following.Heard(outcome, 4, 5)
        following.hear(walk.session, row.id, heard, walk.staff, walk.now)


def certify(walk: Walk) -> None:
    volunteer = walk.any_of(Volunteer)
    if isinstance(volunteer, Volunteer):
        today = clock.local_date(walk.now)
        first = today - timedelta(days=300)
        certifying.issue(walk.session, volunteer, first, today, walk.staff, walk.now)


def closed_door(walk: Walk) -> None:
    placement = walk.any_of(Placement, Placement.starts_at < walk.now)
    if isinstance(placement, Placement):
        missing.not_met(walk.session, placement.id, walk.giver_of(placement), walk.now)


def search(walk: Walk) -> None:
    row = walk.any_of(Absence)
    if isinstance(row, Absence) and walk.draw.random() < 0.5:
        missing.climb(walk.session, row.id, "", walk.staff, walk.now)
    elif isinstance(row, Absence):
        missing.know(walk.session, row.id, "well", "", walk.staff, walk.now)


def expense(walk: Walk) -> None:
    placement = walk.any_of(Placement)
    if isinstance(placement, Placement):
        outlay = expenses.Outlay("fuel", km=walk.draw.choice((5, 400)))
        who = walk.giver_of(placement)
        expenses.claim(walk.session, placement.id, outlay, who, walk.now)


def pay(walk: Walk) -> None:
    claim = walk.any_of(ExpenseClaim)
    if isinstance(claim, ExpenseClaim):
        after = walk.draw.choice(("approved", "returned", "paid", "claimed"))
        expenses.decide(walk.session, claim.id, after, walk.staff, walk.now)


AFTERWARDS: Mapping[str, Callable[[Walk], None]] = {
    each.__name__: each
    for each in (*(approve, complain, deal, follow, certify, closed_door, search, expense, pay),)
}
