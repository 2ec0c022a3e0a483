"""Declines one after the other on one standing plan, as in a worker."""

import random
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from matching.engine import Assignment, Forbid, NeedInput, Plan, Planner, PutNeed


class Declined(NamedTuple):
    """The plan after all declines, CPU seconds of each repair and the least share kept."""

    plan: Plan
    seconds: list[float]
    least_kept: float


def decline(planner: Planner, needs: Iterable[NeedInput], plan: Plan, times: int) -> Declined:
    """Let people drawn by lot decline, each on the plan mended after the one before."""
    dice, forbids = random.Random(5), defaultdict[str, list[Forbid]](list)
    by_id = {need.need_id: need for need in needs}
    taken, kept = [], []
    for _ in range(times):
        declined = dice.choice(plan.assignments)
        name = declined.need_id
        forbids[name].append(Forbid(need_id=name, volunteer_id=declined.volunteer_id))
        update = PutNeed(need=by_id[name], forbids=tuple(forbids[name]))
        began = time.process_time()
        planner.apply([update])
        after = planner.repair()
        taken.append(time.process_time() - began)
        kept.append(_kept(plan, after, declined))
        plan = after
    return Declined(plan, taken, min(kept))


def _kept(before: Plan, after: Plan, declined: Assignment) -> float:
    """The share of the assignments of other pairs that stayed as they were."""
    pair = declined.need_id, declined.volunteer_id
    others = {_seat(a) for a in before.assignments if (a.need_id, a.volunteer_id) != pair}
    return len(others & {_seat(a) for a in after.assignments}) / len(others)


def _seat(a: Assignment) -> tuple[object, ...]:
    return a.need_id, a.volunteer_id, a.on, a.start_minutes
