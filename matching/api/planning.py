"""Plans by program: ask for one, read what a run placed and proved."""

from __future__ import annotations

from typing import Any

from matching.api.calls import Call, Reply, operation
from matching.api.proposals import NUMBER
from matching.coordination import queries
from matching.coordination.models import PlanningRun
from matching.kernel import audit
from matching.kernel.errors import NotFound
from matching.kernel.outbox import plan_soon


@operation("POST", "/plans", "plan.run", "Ask for a new plan", tag="plans", answer="plan")
def asked(call: Call) -> Reply:
    """Ask the worker for a plan; answers with the newest run, whose number the next will pass."""
    plan_soon(call.session, call.now)
    audit.record(call.session, call.actor, call.now, "plan_asked", "planning_run", None)
    latest = queries.find_latest_run(call.session)
    return Reply({"asked": True, "latest": _written(latest) if latest else None}, 202)


@operation("GET", f"/plans/{NUMBER}", "plan.read", "One plan", tag="plans", answer="plan")
def one(call: Call, number: int) -> Reply:
    """Return a run with its figures and, within reach, what it chose and could not place."""
    run = call.session.get(PlanningRun, number)
    if run is None:
        raise NotFound
    planned = queries.list_planned(call.session, run.id, call.actor)
    gaps = queries.list_gaps(call.session, run.id, call.actor)
    return Reply(
        _written(run)
        | {
            "planned": [
                {
                    "proposal_id": each.id,
                    "need_id": each.need.reference if each.need else None,
                    "volunteer_id": each.volunteer.reference,
                    "score": each.score,
                    "slots": [slot for slot in each.slots if slot["planned"] is not None],
                }
                for each in planned
            ],
            "unplaced": [
                {"need_id": need.reference, "visits": outcome.unplaced} for outcome, need in gaps
            ],
        }
    )


def _written(run: PlanningRun) -> dict[str, Any]:
    return {
        "plan_id": run.id,
        "state": run.state,
        "planned_on": run.planned_on.isoformat(),
        "counts": run.counts,
        "objective": run.objective,
        "bound": run.bound,
        "gap": run.gap,
        "seconds": run.seconds,
        "method": run.method,
        "weights": run.weights_version,
    }
