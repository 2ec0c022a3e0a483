"""How far a run has come, told while it is still under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination.plan_models import PlanProgress
from matching.kernel import clock
from matching.kernel.outbox import is_waiting

PLAN = "plan"
FULL_JOBS = ("plan_full", "plan_region", "plan_join")


def teller(engine: Engine) -> Callable[[str, float], None]:
    """Return what a run calls with its stage and share; each call is a transaction of its own.

    A run's own transaction shows nothing before it ends.
    """
    began_at = clock.now()

    def tell(stage: str, share: float) -> None:
        with Session(engine) as session, session.begin():
            _put(session, stage, share, began_at)

    return tell


def _put(session: Session, stage: str, share: float, began_at: datetime) -> None:
    values = {"stage": stage, "share": share, "began_at": began_at, "told_at": clock.now()}
    row = insert(PlanProgress).values(name=PLAN, **values)
    session.execute(row.on_conflict_do_update(index_elements=[PlanProgress.name], set_=values))


def find_progress(session: Session) -> PlanProgress | None:
    """Return what the run under way told last."""
    return session.get(PlanProgress, PLAN, populate_existing=True)


def under_way(session: Session) -> bool:
    """Tell whether a plan is asked for that is not written yet."""
    return is_waiting(session, "plan", *FULL_JOBS)


def full_under_way(session: Session) -> bool:
    """Tell whether it is one of everything, which takes longer."""
    return is_waiting(session, *FULL_JOBS)
