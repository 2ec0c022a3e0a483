"""A confirmed visit, its volunteer, and a coordinator with the worklist."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.kernel import tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.needs.models import Need
from tests import factories

DAY = timedelta(days=1)
Kinds = Callable[[], set[str]]


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def confirmed(
    session: Session, need: Need, boss: Actor, now: datetime, start: int = 540
) -> Placement:
    """Place the best candidate of a need on its first day."""
    plan_all(session, SYSTEM, now)
    proposal = queries.list_candidates(session, need.id)[0]
    assert need.start_on is not None
    return confirm(session, proposal.id, Choice(need.start_on, start), boss, now)


@pytest.fixture
def visit(session: Session, now: datetime, coordinator: Actor) -> Placement:
    factories.volunteer(session, now)
    return confirmed(session, factories.need(session, now), coordinator, now)


@pytest.fixture
def giver(visit: Placement, session: Session) -> Actor:
    [placed] = queries.list_placements(session, volunteer_id=visit.volunteer_id)
    return factories.actor(session, "volunteer", person_id=placed.volunteer.person_id)


@pytest.fixture
def open_kinds(session: Session, coordinator: Actor) -> Kinds:
    return lambda: {task.kind for task in session.scalars(tasks.within_reach(coordinator))}
