"""A large plan in parts: cut into regions, each a job of its own, joined when all are there."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import holding, loading
from matching.coordination.locking import one_run_at_a_time
from matching.coordination.models import PlanningRun
from matching.coordination.plan_models import PlanPart, PlanSplit
from matching.coordination.planning import plan_all, plan_joined
from matching.coordination.remembering import Memory
from matching.engine import Assignment, RegionPlan, build, solve_region, split
from matching.engine.objective import Most
from matching.kernel import outbox
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.needs.rules import PLANNED

SPLIT_ABOVE = 8_000
"""Visits from which on one process no longer plans all; also the most of one region."""


def plan_or_split(
    session: Session, actor: Actor, now: datetime, most: int, **how: Any
) -> PlanningRun | None:
    """Plan afresh here, or ask for the regions of a plan that is too large for one process.

    Returns None when regions were asked for; the last of them asks for the join.
    """
    inputs = _inputs(session, now)
    problem = build(**inputs.values())
    if sum(ask.visits for ask in problem.asks) <= most:
        return plan_all(session, actor, now, **how)
    regions = split(problem, most)
    asked = PlanSplit(asked_at=now, digest=digest_of(inputs), regions=len(regions))
    session.add(asked)
    session.flush()
    for region in regions:
        session.add(PlanPart(split_id=asked.id, number=region.number))
        payload = {"split": asked.id, "number": region.number, "most": most}
        outbox.enqueue(session, "plan_region", payload, now)
    return None


def solve_part(session: Session, payload: Mapping[str, object], now: datetime) -> bool:
    """Plan one region and keep what it found; tell whether it was the last one.

    A region whose values have changed since the cut ends the whole: all is cut anew.
    """
    split_id, number = int(str(payload["split"])), int(str(payload["number"]))
    asked = session.get_one(PlanSplit, split_id)
    part = session.get(PlanPart, (split_id, number), with_for_update=True)
    if part is None or part.result is not None:
        return False
    inputs = _inputs(session, now)
    if digest_of(inputs) != asked.digest:
        return _begin_again(session, asked, now)
    problem = build(**inputs.values())
    region = split(problem, int(str(payload["most"])))[number]
    part.result = _written(solve_region(problem, region))
    session.flush()
    # Two regions that end at one moment look one after the other: the second sees the first.
    session.scalar(select(PlanSplit.id).where(PlanSplit.id == split_id).with_for_update())
    if not all(result is not None for result in _results(session, split_id)):
        return False
    outbox.enqueue(session, "plan_join", {"split": split_id}, now, merge_key=f"join:{split_id}")
    return True


def join_parts(
    session: Session, payload: Mapping[str, object], actor: Actor, now: datetime, memory: Memory
) -> PlanningRun | None:
    """Join the regions of a plan and write it; None when something changed since the cut."""
    one_run_at_a_time(session)
    asked = session.get_one(PlanSplit, int(str(payload["split"])), with_for_update=True)
    if asked.run_id is not None:
        return None
    if digest_of(_inputs(session, now)) != asked.digest:
        _begin_again(session, asked, now)
        return None
    parts = [_read(result) for result in _results(session, asked.id) if result is not None]
    run = plan_joined(session, actor, now, parts, memory)
    asked.run_id = run.id
    return run


def _begin_again(session: Session, asked: PlanSplit, now: datetime) -> bool:
    """Cut anew, once for all regions of a cut: its parts are thrown away."""
    for part in session.scalars(select(PlanPart).where(PlanPart.split_id == asked.id)):
        session.delete(part)
    outbox.plan_afresh(session, now)
    return False


def _results(session: Session, split_id: int) -> list[dict[str, Any] | None]:
    found = select(PlanPart.result).where(PlanPart.split_id == split_id).order_by(PlanPart.number)
    return list(session.scalars(found))


def _inputs(session: Session, now: datetime) -> loading.Inputs:
    held = holding.sort_out(session, loading.read_standing(session, local_date(now)))
    return loading.read_inputs(session, held.standing, PLANNED)[1]


def digest_of(inputs: loading.Inputs) -> str:
    """Return a name for the values of a problem that is the same in every process."""
    text = json.dumps(inputs.values(), sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_listed(getattr(value, each.name)) for each in dataclasses.fields(value)]
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return str(value)


def _listed(value: object) -> object:
    """Tables in order of their keys, whatever kind of keys they have."""
    if not isinstance(value, Mapping):
        return value
    return sorted((str(key), str(each)) for key, each in value.items())


def _written(plan: RegionPlan) -> dict[str, Any]:
    return {
        "number": plan.number,
        "most": dataclasses.asdict(plan.most),
        "truncated": plan.truncated,
        "pairs": plan.pairs,
        "assignments": [
            dataclasses.asdict(each) | {"on": each.on.isoformat()} for each in plan.assignments
        ],
    }


def _read(result: Mapping[str, Any]) -> RegionPlan:
    return RegionPlan(
        number=result["number"],
        most=Most(**result["most"]),
        truncated=result["truncated"],
        pairs=result["pairs"],
        assignments=tuple(
            Assignment(**{**each, "on": date.fromisoformat(each["on"])})
            for each in result["assignments"]
        ),
    )
