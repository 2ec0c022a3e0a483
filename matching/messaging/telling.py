"""Telling: a job names an occasion; here it becomes one message to the right person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.messaging.models import Message
from matching.places.calendar import end_of_quiet
from matching.volunteers.models import Volunteer


def tell(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Make the message of an occasion, once; the recipient is who the rows name at this moment."""
    proposal_id, kind = int(payload["proposal"]), str(payload["kind"])
    person_id = session.execute(
        select(Volunteer.person_id)
        .join(Proposal, Proposal.volunteer_id == Volunteer.id)
        .where(Proposal.id == proposal_id)
    ).scalar_one()
    session.execute(
        insert(Message)
        .values(
            key=f"{kind}:{proposal_id}",
            person_id=person_id,
            kind=kind,
            proposal_id=proposal_id,
            channel="web",
            state="sent",
            created_at=now,
            due_at=end_of_quiet(now),
            sent_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Message.key])
    )
