"""The planner: eligibility, scoring, planning and explaining, on plain arrays.

Fill in the plain values of `matching.engine.inputs` (dates are local days, times are minutes
past midnight, codes are the catalogue's strings), then:

    problem = build(needs, volunteers, options=Options(today=day), bookings=…, history=…,
                    blocked=[(need_id, volunteer_id)], locks=…, forbids=…)
    rank(problem, need_ids=None, top=20)          -> {need_id: NeedCandidates}
    excluded_people(problem, need_id)             -> {Gate: volunteer ids}
    first_gates(problem, volunteer_id)            -> {need_id: Gate or None}, one person's
    explain(problem, need_id, volunteer_id)       -> Explanation: every gate with its facts
    score_basis(problem, need_id, volunteer_ids)  -> the numbers behind each score
    points_from(basis, weights)                   -> the points that such numbers give
    solve(problem, seed=1, deadline_seconds=None, progress=None)    -> Plan
    replan(problem, previous, seed=1, quick=False)                  -> Plan with `changes`

A process that keeps running holds a standing plan instead of building a problem each time:

    planner = Planner(needs, volunteers, options=…, …)    the same values as `build`
    planner.plan(deadline_seconds=None, progress=None)    -> Plan, with prices kept for repairs
    planner.adopt(assignments)                   an earlier plan stands, for example after a restart
    planner.apply([PutNeed(need=…, locks=…, forbids=…, blocked=…), DropNeed(need_id=…),
                   PutVolunteer(volunteer=…, bookings=…, history=…), DropVolunteer(volunteer_id=…)])
    planner.repair(deadline_seconds=None)        -> Plan with `changes`, around what changed only
    planner.drift                                how much the gap has widened since the last prices
    planner.renew(assignments)                   -> Plan with `changes`, under new prices
    planner.problem, planner.version             the values as they stand, and how many updates

Each update states everything about one person or one need anew: a decline is `PutNeed` with one
more Forbid, a withdrawal `PutVolunteer` with another status, a confirmed seat `PutNeed` with one
more Lock. After midnight make a new Planner: the horizon has moved.

A problem that is too large for one process is cut, planned in parts anywhere and joined:

    split(problem, visits=8000)                  -> regions, the same in every process
    solve_region(problem, region, seed=1, deadline_seconds=None)    -> RegionPlan, plain values
    join(problem, region_plans, seed=1)          -> Plan; its bound is the sum of theirs

A Problem is frozen and may be shared. `previous` is the earlier plan's assignments; locks and
forbids of today's problem say what the coordinator decided since. Answers depend on the
values only, not on their order, the process or the machine; only a deadline can cut a plan
short, and then `figures.truncated` is set and the bound still holds. Bad values raise
ValueError with a sentence that says what is wrong.
"""

from matching.engine.building import build
from matching.engine.candidates import (
    Candidate,
    Doubt,
    NeedCandidates,
    excluded_people,
    rank,
    score_basis,
)
from matching.engine.explaining import Explanation, explain
from matching.engine.finding import first_gates
from matching.engine.gates import Gate
from matching.engine.inputs import (
    Booking,
    Forbid,
    Free,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
)
from matching.engine.plan import (
    Assignment,
    Change,
    ChangeReason,
    Figures,
    NearMiss,
    Plan,
    Reason,
    Unplaced,
)
from matching.engine.planner import Planner
from matching.engine.problem import Problem
from matching.engine.regional import RegionPlan, join, solve_region
from matching.engine.regions import Region, split
from matching.engine.replanning import replan
from matching.engine.scoring import points_from
from matching.engine.slots import PossibleSlot, possible_slots, visits_of
from matching.engine.solving import solve
from matching.engine.updates import DropNeed, DropVolunteer, PutNeed, PutVolunteer, Update
from matching.engine.weights import FACTORS, STANDARD, Weights, weights_from

__all__ = [
    "FACTORS",
    "STANDARD",
    "Assignment",
    "Booking",
    "Candidate",
    "Change",
    "ChangeReason",
    "Doubt",
    "DropNeed",
    "DropVolunteer",
    "Explanation",
    "Figures",
    "Forbid",
    "Free",
    "Gate",
    "Lock",
    "NearMiss",
    "NeedCandidates",
    "NeedInput",
    "Options",
    "PastOffer",
    "Plan",
    "Planner",
    "PossibleSlot",
    "Problem",
    "PutNeed",
    "PutVolunteer",
    "Reason",
    "Region",
    "RegionPlan",
    "Unplaced",
    "Update",
    "VolunteerInput",
    "Weights",
    "build",
    "excluded_people",
    "explain",
    "first_gates",
    "join",
    "points_from",
    "possible_slots",
    "rank",
    "replan",
    "score_basis",
    "solve",
    "solve_region",
    "split",
    "visits_of",
    "weights_from",
]
