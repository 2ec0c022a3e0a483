"""An occasion makes one message, whatever ran twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.planning import plan_all
from matching.kernel.actor import SYSTEM
from matching.messaging.models import Message
from matching.messaging.telling import tell
from tests import factories


def test_a_job_that_runs_twice_tells_once(session: Session, now: datetime) -> None:
    volunteer = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    [proposal] = queries.list_candidates(session, need.id)
    for _ in range(2):
        tell(session, {"kind": "offer", "proposal": proposal.id}, now)
    assert session.scalars(select(Message)).one().person_id == volunteer.person_id
