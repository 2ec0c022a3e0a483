"""Halting: nothing is proposed to or for some people any more, in the transaction that says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.queries import not_begun
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.outbox import plan_soon
from matching.needs.models import Need
from matching.people import standstill
from matching.volunteers.models import Volunteer

ASKED = ("selected", "contacted", "waitlisted")


def halt(
    session: Session, person_ids: Collection[int], reason: str, actor: Actor, now: datetime
) -> None:
    """Put people on hold: open proposals to and for them end, and none is made while it lasts."""
    lock_proposals(session)
    for person_id in sorted(person_ids):
        stop_asking(session, person_id)
        standstill.begin(session, person_id, reason, actor, now)
        audit.record(session, actor, now, "person_held", "person", person_id, reason=reason)
    plan_soon(session, now)


def let_go(
    session: Session, person_ids: Collection[int], reason: str, actor: Actor, now: datetime
) -> None:
    """End the hold of people for a reason; the next run proposes for them again."""
    lock_proposals(session)
    for person_id in sorted(person_ids):
        standstill.end(session, person_id, reason, actor, now)
        audit.record(session, actor, now, "person_let_go", "person", person_id, reason=reason)
    plan_soon(session, now)


def stop_asking(session: Session, *person_ids: int) -> None:
    """End every open proposal to or for some people; the caller holds the lock of proposals."""
    end_proposals(session, or_(*(concerning(person_id) for person_id in person_ids)))


def end_proposals(session: Session, which: ColumnElement[bool]) -> None:
    """Cancel what was asked and drop what was only suggested."""
    for states, after in ((ASKED, "cancelled"), (("suggested",), "superseded")):
        session.execute(
            update(Proposal)
            .where(which, Proposal.state.in_(states))
            .values(state=after, version=Proposal.version + 1)
        )


def concerning(person_id: int) -> ColumnElement[bool]:
    """Tell proposals in which a person is asked or asks."""
    return or_(
        Proposal.volunteer_id.in_(select(Volunteer.id).where(Volunteer.person_id == person_id)),
        Proposal.need_id.in_(select(Need.id).where(Need.requester_id == person_id)),
    )


def coming_visits(session: Session, person_id: int, now: datetime) -> list[tuple[Placement, Need]]:
    """Return the agreed visits, still to come, in which a person helps or is helped."""
    found = (
        select(Placement, Need)
        .join(Need, Need.id == Placement.need_id)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .where(or_(Need.requester_id == person_id, Volunteer.person_id == person_id))
        .where(Placement.state.in_(("held", "confirmed")), Placement.ends_at > now, not_begun())
        .order_by(Placement.id)
    )
    return [(placement, need) for placement, need in session.execute(found)]
