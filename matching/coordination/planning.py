"""One planning run: score and plan every need that waits, write proposals with reasons."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy.orm import Session

from matching.coordination import holding, loading, proposing
from matching.coordination.forecasting import store_chances
from matching.coordination.locking import lock_proposals, one_run_at_a_time
from matching.coordination.models import PlanningRun
from matching.engine import Plan, solve
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.needs.rules import PLANNED, PREVIEWED


def plan_all(session: Session, actor: Actor, now: datetime) -> PlanningRun:
    """Plan the needs that are ready, rank people for those still in triage, write both.

    Runs wait for each other, so the newest run has seen every change that asked for it.
    """
    one_run_at_a_time(session)
    started = time.perf_counter()
    held = holding.sort_out(session, loading.read_standing(session, local_date(now)))
    ready = loading.load(session, held.standing, PLANNED)
    preview = loading.load(session, held.standing, PREVIEWED)
    run = _run(session, actor, now)
    plan = solve(ready.problem)
    answer = proposing.answer_of(plan, held.standing.held)
    found = [proposing.find(held.around.get(name, ready), name, answer) for name in ready.needs]
    found += [proposing.find(preview, name, proposing.NOTHING) for name in preview.needs]
    lock_proposals(session)
    proposing.write(session, run.id, proposing.unchanged(session, found), now)
    store_chances(session, run, now)
    holding.note(session, held.lapsed)
    _finish(run, plan, now, time.perf_counter() - started)
    run.counts = run.counts | {"placed": answer.seats, "held": len(held.standing.held)}
    audit.record(session, actor, now, "planned", "planning_run", run.id, **run.counts)
    return run


def _run(session: Session, actor: Actor, now: datetime) -> PlanningRun:
    run = PlanningRun(
        state="running",
        asked_by_id=actor.account_id,
        started_at=now,
        planned_on=local_date(now),
        counts={},
    )
    session.add(run)
    session.flush()
    return run


def _finish(run: PlanningRun, plan: Plan, now: datetime, seconds: float) -> None:
    run.state, run.finished_at = "done", now
    figures = plan.figures
    run.counts = {
        "needs": figures.needs,
        "visits": figures.visits,
        "seats": figures.seats,
        "pairs": figures.pairs,
        "unplaced": sum(missing.missing for missing in plan.unplaced),
        "weighted_seats": figures.weighted_seats,
        "weighted_seats_bound": figures.weighted_seats_bound,
        "score": figures.score,
    }
    run.objective, run.bound = str(figures.objective), str(figures.bound)
    run.gap, run.method, run.seconds = figures.gap, figures.method, round(seconds, 3)
    run.engine_version, run.weights_version = figures.engine, figures.weights
