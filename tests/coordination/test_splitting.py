"""A large plan is made in regions, each a job, and joined with a bound for the whole."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import PlanningRun
from matching.coordination.plan_models import PlanPart, PlanSplit
from matching.coordination.planning import plan_all, plan_changes
from matching.coordination.remembering import Memory
from matching.coordination.splitting import join_parts, plan_or_split, solve_part
from matching.kernel import outbox
from matching.kernel.actor import SYSTEM
from matching.kernel.outbox import OutboxJob
from matching.places.models import AreaTravel
from tests import factories

FAR = (38.70, 141.40)


def two_towns(session: Session, now: datetime) -> None:
    session.add(AreaTravel(from_area_code="senmaya", to_area_code="ichinoseki", minutes=40))
    for lat, lon in ((38.94, 141.12), FAR):
        for _ in range(3):
            factories.volunteer(session, now, contact=factories.contact(lat=lat, lon=lon))
            factories.need(session, now, location=(lat, lon))


def do_jobs(session: Session, now: datetime) -> list[str]:
    """Do what waits as a worker would, in the order of the relay, until nothing is left."""
    done = []
    while jobs := [job for job in outbox.take_due(session, now) if job[0] != "plan"]:
        for name, job_id in jobs:
            job = session.get_one(OutboxJob, job_id)
            work(session, name, job.payload, now)
            outbox.finish(job, now)
            done.append(name)
    return done


def work(session: Session, name: str, payload: dict[str, Any], now: datetime) -> None:
    if name == "plan_region":
        solve_part(session, payload, now)
    elif name == "plan_join":
        join_parts(session, payload, SYSTEM, now, Memory())
    elif name == "plan_full":
        plan_or_split(session, SYSTEM, now, 3)


def test_below_the_threshold_nothing_is_split(session: Session, now: datetime) -> None:
    two_towns(session, now)
    run = plan_or_split(session, SYSTEM, now, 6)
    assert run is not None
    assert run.method != "regions"


def test_two_regions_are_planned_and_joined_as_one_process_would(
    session: Session, now: datetime
) -> None:
    two_towns(session, now)
    whole = plan_all(session, SYSTEM, now)
    assert plan_or_split(session, SYSTEM, now, 3) is None
    assert do_jobs(session, now) == ["plan_region", "plan_region", "plan_join"]
    session.flush()
    run = queries.find_latest_run(session, state="done")
    assert run is not None
    assert (run.method, run.kind) == ("regions", "full")
    assert run.counts["placed"] == whole.counts["placed"] == 6
    assert run.objective == whole.objective
    assert int(run.bound or 0) >= int(run.objective or 0)
    assert session.scalars(select(PlanSplit.run_id)).one() == run.id
    assert plan_changes(session, SYSTEM, now).kind == "repair"


def test_a_bell_rung_twice_and_a_join_rung_twice_change_nothing(
    session: Session, now: datetime
) -> None:
    """BR-40."""
    two_towns(session, now)
    plan_or_split(session, SYSTEM, now, 3)
    asked = session.scalars(select(PlanSplit)).one()
    do_jobs(session, now)
    payload = {"split": asked.id, "number": 0, "most": 3}
    assert not solve_part(session, payload, now)
    assert join_parts(session, {"split": asked.id}, SYSTEM, now, Memory()) is None
    assert len(session.scalars(select(PlanningRun)).all()) == 1


def test_a_region_that_was_lost_with_its_worker_is_offered_again(
    session: Session, now: datetime
) -> None:
    two_towns(session, now)
    plan_or_split(session, SYSTEM, now, 3)
    taken = [each for each in outbox.take_due(session, now) if each[0] == "plan_region"]
    assert len(taken) == 2
    job = session.get_one(OutboxJob, taken[0][1])
    solve_part(session, job.payload, now)
    outbox.finish(job, now)
    session.flush()
    later = now + timedelta(minutes=2)
    assert outbox.sweep(session, later) >= 1
    assert do_jobs(session, later) == ["plan_region", "plan_join"]
    assert queries.find_latest_run(session, state="done") is not None


def test_a_change_after_the_cut_has_all_cut_anew(session: Session, now: datetime) -> None:
    two_towns(session, now)
    plan_or_split(session, SYSTEM, now, 3)
    factories.need(session, now)
    session.flush()
    done = do_jobs(session, now)
    assert done.count("plan_join") == 1
    assert "plan_full" in done
    run = queries.find_latest_run(session, state="done")
    assert run is not None
    assert run.counts["needs"] == 7
    assert all(result is not None for result in session.scalars(select(PlanPart.result)))
