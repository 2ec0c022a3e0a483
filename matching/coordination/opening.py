"""What would open what the plan cannot place: one more person of a kind, tried out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from matching.coordination import changing, holding, loading, queries
from matching.coordination.models import PlanningRun
from matching.coordination.plan_models import PlanOpener
from matching.engine import Assignment, Free, NeedInput, Plan, Problem, VolunteerInput, replan
from matching.engine.visits import duration_minutes, visit_days, window
from matching.kernel import audit, outbox
from matching.kernel.actor import SYSTEM
from matching.kernel.clock import local_date
from matching.needs.rules import PLANNED

MOST_TRIED, MOST_KEPT = 12, 5
STRANGER = "-"
HALF_DAYS: Mapping[str, tuple[int, int]] = {"am": (8 * 60, 12 * 60), "pm": (12 * 60, 17 * 60)}
REACH_KM = 15.0


class Kind(NamedTuple):
    """A kind of person: where they live, when they are free, what they bring."""

    area: str
    weekday: int
    half: str
    car: bool
    skill: str


@dataclass(frozen=True)
class Opened:
    """What one more person of a kind would fill."""

    kind: Kind
    seats: int
    needs: int


def look_for_openers(session: Session, run: PlanningRun, now: datetime) -> None:
    """Ask for a look at what would open the rest, once for all runs of the next moments."""
    if run.counts.get("unplaced"):
        outbox.enqueue(
            session, "plan_openers", {}, now, delay=outbox.PLAN_SOON, merge_key="plan_openers"
        )


def find_openers(session: Session, now: datetime) -> int:
    """Try the kinds of people that most empty seats lack and keep those that fill some."""
    run = queries.find_latest_run(session, state="done")
    if run is None:
        return 0
    held = holding.sort_out(session, loading.read_standing(session, local_date(now)))
    before = changing.standing_plan(session, run.id)
    found = opened(session, held.standing, before)
    rows = [
        {
            "run_id": run.id,
            "position": position,
            "area_code": each.kind.area or None,
            "weekday": each.kind.weekday,
            "half": each.kind.half,
            "car": each.kind.car,
            "skill_code": each.kind.skill or None,
            "seats": each.seats,
            "needs": each.needs,
        }
        for position, each in enumerate(found)
    ]
    session.execute(delete(PlanOpener).where(PlanOpener.run_id == run.id))
    if rows:
        session.execute(insert(PlanOpener), rows)
    audit.record(session, SYSTEM, now, "openers_found", "planning_run", run.id, kinds=len(rows))
    return len(rows)


def opened(
    session: Session, standing: loading.Standing, before: Sequence[Assignment]
) -> list[Opened]:
    """Return what one more person of each promising kind would fill, most seats first."""
    problem = loading.load(session, standing, PLANNED).problem
    base = replan(problem, before, quick=True)
    lacking = _lacking(problem, base)
    wanted = Counter({kind: sum(missing.values()) for kind, missing in lacking.items()})
    tried = sorted(wanted, key=lambda kind: (-wanted[kind], kind))[:MOST_TRIED]
    needs = {ask.input.need_id: ask.input for ask in problem.asks}
    found = []
    for kind in tried:
        stranger = _stranger(kind, [needs[need_id] for need_id in sorted(lacking[kind])])
        more = replace(standing, volunteers=[*standing.volunteers, stranger])
        plan = replan(loading.load(session, more, PLANNED).problem, base.assignments, quick=True)
        gained = _seats(plan) - _seats(base)
        if gained.total() > 0:
            found.append(Opened(kind, gained.total(), len(gained)))
    return sorted(found, key=lambda each: (-each.seats, each.kind))[:MOST_KEPT]


def _seats(plan: Plan) -> Counter[str]:
    return Counter(assignment.need_id for assignment in plan.assignments)


def _lacking(problem: Problem, plan: Plan) -> dict[Kind, Counter[str]]:
    """Empty seats by need for each kind of person who could fill them."""
    today, horizon = problem.options.today, problem.options.horizon_days
    lacking: defaultdict[Kind, Counter[str]] = defaultdict(Counter)
    for missing in plan.unplaced:
        need = problem.asks[problem.need_index[missing.need_id]].input
        days = visit_days(need, today, horizon)[missing.visit - 1]
        for kind in set(_kinds(need, days)):
            lacking[kind][missing.need_id] += missing.missing
    return lacking


def _kinds(need: NeedInput, days: Iterable[date]) -> Iterator[Kind]:
    opens, closes = window(need)
    length = duration_minutes(need)
    skills = sorted(need.required_skills) or [""]
    for day in days:
        for half, (starts, ends) in HALF_DAYS.items():
            if min(ends, closes) - max(starts, opens) >= length and len(skills) == 1:
                yield Kind(need.area or "", day.weekday(), half, need.car_needed, skills[0])


def _stranger(kind: Kind, needs: Sequence[NeedInput]) -> VolunteerInput:
    """Somebody of a kind who lives beside the first of the needs and would do all of them."""
    place = next((need for need in needs if need.lat is not None), needs[0])
    return VolunteerInput(
        volunteer_id=STRANGER,
        lat=place.lat,
        lon=place.lon,
        area=place.area,
        categories=frozenset(need.category for need in needs),
        skills=frozenset(skill for skill in (kind.skill,) if skill),
        availability=(Free(kind.weekday, *HALF_DAYS[kind.half]),),
        transport="car" if kind.car else "bicycle",
        max_distance_km=REACH_KM,
        max_visits_per_week=2,
        insured_until=date.max,
    )
