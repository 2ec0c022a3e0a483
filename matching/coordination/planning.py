"""Planning runs: score and plan every need that waits, afresh or around what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matching.coordination import changing, holding, loading, proposing, queries
from matching.coordination.forecasting import store_chances
from matching.coordination.locking import lock_proposals, one_run_at_a_time
from matching.coordination.models import PlanningRun
from matching.coordination.proposing import Answer, Found
from matching.coordination.remembering import Memory, Recalled
from matching.engine import Assignment, Change, Plan, Planner, Problem, RegionPlan, join, replan
from matching.engine.plan import ENGINE_VERSION
from matching.kernel import audit, outbox
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.needs.rules import PLANNED, PREVIEWED

Progress = Callable[[str, float], None]
"""Told the stage and the share done (0…1)."""

QUICK_ABOVE = 600
"""Visits from which on a repair without a memory looks only around what changed."""

MOST_DRIFT = 0.002
"""How much a gap may widen over repairs before prices are found anew, behind the scenes."""

RENEWED_UP_TO = 8_000
"""Visits up to which one process finds prices for all; larger plans are made in regions."""

RENEW_SOON = timedelta(seconds=30)


@dataclass(frozen=True)
class _Desk:
    """Everything one run reads before it thinks."""

    held: holding.Held
    recalled: Recalled
    ready: loading.Loaded
    preview: loading.Loaded | None
    before: list[Assignment]
    last: PlanningRun | None

    @property
    def standing(self) -> loading.Standing:
        return self.held.standing

    @property
    def mendable(self) -> bool:
        """Whether the last plan is of today, by the same planner and under the same weights."""
        if self.last is None or self.last.planned_on != self.standing.today:
            return False
        weights = self.ready.problem.options.weights.version
        return (self.last.weights_version, self.last.engine_version) == (weights, ENGINE_VERSION)


def plan_all(
    session: Session,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> PlanningRun:
    """Plan the needs that are ready, rank people for those still in triage, write both.

    Runs wait for each other, so the newest run has seen every change that asked for it.
    """
    return _run(session, actor, now, progress, memory or Memory(), afresh=True)


def plan_changes(
    session: Session,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> PlanningRun:
    """Mend the last plan around what changed since; without one of today, plan all afresh."""
    return _run(session, actor, now, progress, memory or Memory(), afresh=False)


def plan_renewed(
    session: Session,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> PlanningRun:
    """Mend the last plan under new prices: its bound is tight again, most people stay."""
    return _run(session, actor, now, progress, memory or Memory(), afresh=False, renew=True)


def plan_joined(
    session: Session,
    actor: Actor,
    now: datetime,
    parts: Sequence[RegionPlan],
    memory: Memory | None = None,
) -> PlanningRun:
    """Write the plan that regions made of today's values, their bounds summed up."""
    return _run(session, actor, now, None, memory or Memory(), afresh=True, parts=parts)


def _run(
    session: Session,
    actor: Actor,
    now: datetime,
    progress: Progress | None,
    memory: Memory,
    *,
    afresh: bool,
    renew: bool = False,
    parts: Sequence[RegionPlan] = (),
) -> PlanningRun:
    one_run_at_a_time(session)
    started = time.perf_counter()
    tell = progress or _silent
    tell("read", 0.02)
    desk = _read(session, now, memory)
    afresh = afresh or not desk.mendable
    run = _begin(session, desk, actor, now, afresh=afresh)
    if afresh:
        plan, changes = _plan_all(desk, tell, parts)
    else:
        plan = _mend(desk, renew=renew)
        changes = plan.changes
        _look_for_drift(session, desk.recalled.planner, now)
    tell("write", 0.97)
    answer = proposing.answer_of(plan, desk.standing.held)
    ready = _found(desk, answer, {} if afresh or renew else desk.recalled.found)
    memory.keep(desk.recalled.planner, answer, ready)
    found = [*ready.values(), *_previewed(desk)]
    if not afresh and desk.last is not None:
        found = proposing.different(session, desk.last.id, found)
    lock_proposals(session)
    proposing.write(session, run.id, proposing.unchanged(session, found), now)
    proposing.end_others(session)
    store_chances(session, run, now)
    holding.note(session, desk.held.lapsed)
    changed = changing.store(session, run.id, changes, desk.standing)
    _finish(run, plan, now, time.perf_counter() - started)
    run.counts = run.counts | {
        "placed": answer.seats,
        "held": len(desk.standing.held),
        "changes": changed,
    }
    audit.record(session, actor, now, "planned", "planning_run", run.id, **run.counts)
    return run


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""


def _read(session: Session, now: datetime, memory: Memory) -> _Desk:
    last = queries.find_latest_run(session, state="done")
    held = holding.sort_out(session, loading.read_standing(session, local_date(now)))
    needs, inputs = loading.read_inputs(session, held.standing, PLANNED)
    before = changing.standing_plan(session, last.id) if last else []
    recalled = memory.planner_for(inputs, before)
    return _Desk(
        held=held,
        recalled=recalled,
        ready=loading.Loaded(recalled.planner.problem, needs, held.standing.rows),
        preview=loading.load_if_any(session, held.standing, PREVIEWED),
        before=before,
        last=last,
    )


def _begin(
    session: Session, desk: _Desk, actor: Actor, now: datetime, *, afresh: bool
) -> PlanningRun:
    run = PlanningRun(
        state="running",
        kind="full" if afresh else "repair",
        previous_id=desk.last.id if desk.last else None,
        asked_by_id=actor.account_id,
        started_at=now,
        planned_on=local_date(now),
        counts={},
    )
    session.add(run)
    session.flush()
    return run


def _plan_all(
    desk: _Desk, tell: Progress, parts: Sequence[RegionPlan]
) -> tuple[Plan, Sequence[Change]]:
    problem, planner = desk.ready.problem, desk.recalled.planner
    if parts:
        plan = join(problem, parts)
        planner.adopt(plan.assignments)
    else:
        plan = planner.plan(progress=tell)
    return plan, changing.differences(problem, desk.before, plan) if desk.before else ()


def _mend(desk: _Desk, *, renew: bool) -> Plan:
    problem, planner = desk.ready.problem, desk.recalled.planner
    if desk.recalled.warm and not renew:
        return planner.repair()
    if renew or _visits(problem) <= QUICK_ABOVE:
        return planner.renew(desk.before)
    plan = replan(problem, desk.before, quick=True)
    planner.adopt(plan.assignments)
    return plan


def _visits(problem: Problem) -> int:
    return sum(ask.visits for ask in problem.asks)


def _look_for_drift(session: Session, planner: Planner, now: datetime) -> None:
    if planner.drift > MOST_DRIFT and _visits(planner.problem) <= RENEWED_UP_TO:
        outbox.enqueue(session, "plan_renew", {}, now, delay=RENEW_SOON, merge_key="plan_renew")


def _found(desk: _Desk, answer: Answer, known: Mapping[str, Found]) -> dict[str, Found]:
    """Rank people for every need that is ready; what is known to be as it was is kept."""
    around, ready = desk.held.around, desk.ready
    kept = {
        name: found
        for name, found in known.items()
        if name in ready.needs and name not in around and found.still_says(ready, name, answer)
    }
    return {
        name: kept.get(name) or proposing.find(around.get(name, ready), name, answer)
        for name in ready.needs
    }


def _previewed(desk: _Desk) -> list[Found]:
    preview = desk.preview
    if preview is None:
        return []
    return [proposing.find(preview, name, proposing.NOTHING) for name in preview.needs]


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
