"""Contacting: every attempt to reach somebody is written down, with what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.contact_models import Contact
from matching.coordination.models import Proposal
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.needs.noting import note_down


def note_contact(
    session: Session,
    proposal: Proposal,
    person_id: int,
    channel: str,
    outcome: str,
    actor: Actor,
    now: datetime,
    said: str = "",
) -> Contact:
    """Write down one attempt to reach a person about a proposal's need, and what they said."""
    contact = Contact(
        need_id=proposal.need_id,
        person_id=person_id,
        proposal_id=proposal.id,
        channel=channel,
        outcome=outcome,
        note_id=note_down(session, proposal.need_id or 0, "contact", said, actor, now),
        contacted_at=now,
        contacted_by_id=actor.account_id,
    )
    session.add(contact)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        "contacted",
        "need",
        proposal.need_id,
        person=person_id,
        proposal=proposal.id,
        channel=channel,
        outcome=outcome,
    )
    return contact


def count_attempts(session: Session, proposal_id: int) -> int:
    """Count the attempts for a proposal that reached nobody."""
    missed = select(func.count(Contact.id)).where(
        Contact.proposal_id == proposal_id, Contact.outcome.in_(("no_answer", "message_left"))
    )
    return session.scalar(missed) or 0


def list_contacts(session: Session, need_id: int) -> Sequence[Contact]:
    """Return the attempts for a need, newest first."""
    return session.scalars(
        select(Contact).where(Contact.need_id == need_id).order_by(Contact.id.desc())
    ).all()
