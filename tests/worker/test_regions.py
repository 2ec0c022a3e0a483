"""A plan too large for one process, through the real relay and worker: regions, then their join."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import config as settings
from matching.coordination.models import PlanningRun
from matching.coordination.plan_models import PlanPart
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.outbox import OutboxJob, plan_afresh
from matching.local.endpoints import Endpoints
from tests.conftest import on_database
from tests.coordination.test_splitting import two_towns
from tests.live import serve


@pytest.fixture
def towns(migrated_app: Flask, database: str) -> Iterator[Session]:
    """A database of its own with two towns, on the clock of the machine."""
    clock.freeze(None)
    with on_database(migrated_app, database) as engine, Session(engine) as session:
        two_towns(session, clock.now())
        session.commit()
        yield session


def of_its_own(redis_url: str) -> str:
    """The same broker behind its socket, apart from what other tests put there."""
    return f"{redis_url.partition('?')[0]}?db=7"


def wait_for_run(session: Session) -> PlanningRun:
    done = select(PlanningRun).where(PlanningRun.method == "regions", PlanningRun.state == "done")
    asked = time.monotonic()
    while (run := session.scalar(done)) is None:
        session.rollback()
        assert time.monotonic() - asked < 60, "no joined plan after a minute"
        time.sleep(0.1)
    return run


def test_the_worker_plans_regions_and_joins_them_into_one_plan(
    towns: Session,
    database: str,
    endpoints: Endpoints,
    config: settings.Config,
    tmp_path: Path,
) -> None:
    with towns.begin_nested() as point:
        whole = plan_all(towns, SYSTEM, clock.now())
        counts, objective = whole.counts, int(whole.objective or 0)
        point.rollback()
    plan_afresh(towns, clock.now())
    towns.commit()
    environ = {
        "DATABASE_URL": database,
        "REDIS_URL": of_its_own(endpoints.redis_url),
        "SECRET_KEYS_FILE": str(config.data_dir / "secret"),
        "FIELD_KEYS_FILE": str(config.field_keys_file),
        "MUSUBI_DATA": str(config.data_dir),
        "MUSUBI_DEMO": "1",
        "MUSUBI_REGION_VISITS": "3",
    }
    with serve(environ, tmp_path):
        run = wait_for_run(towns)
    assert (run.kind, run.counts["placed"]) == ("full", counts["placed"])
    assert int(run.objective or 0) == objective <= int(run.bound or 0)
    assert run.gap == pytest.approx(0, abs=1e-5)
    assert len(towns.scalars(select(PlanPart.number)).all()) == 2
    ended = select(OutboxJob.name).where(OutboxJob.name.like("plan\\_%"), OutboxJob.state == "done")
    names = sorted(towns.scalars(ended))
    assert [n for n in names if n != "plan_openers"] == [
        "plan_full",
        "plan_join",
        "plan_region",
        "plan_region",
    ]
