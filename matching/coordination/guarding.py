"""BR-10: a guardian's word opens and closes a minor's helping in the same transaction."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.halting import coming_visits, stop_asking
from matching.coordination.locking import lock_proposals
from matching.kernel import tasks
from matching.kernel.actor import Actor
from matching.kernel.outbox import plan_soon
from matching.people.representing import Guardian, guardian_agrees, guardian_withdraws
from matching.people.trust_models import GuardianConsent
from matching.volunteers.models import Volunteer


def agree(
    session: Session, person_id: int, guardian: Guardian, actor: Actor, now: datetime
) -> GuardianConsent:
    """Record a guardian's consent; the planner counts it to the end of the fiscal year."""
    made = guardian_agrees(session, person_id, guardian, actor, now)
    _set(session, person_id, made.valid_until)
    plan_soon(session, now)
    return made


def withdraw(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Take a guardian's consent back: open proposals end, visits to come are looked at today."""
    lock_proposals(session)
    guardian_withdraws(session, person_id, actor, now)
    _set(session, person_id, None)
    stop_asking(session, person_id)
    for placement, need in coming_visits(session, person_id, now):
        subject = ("placement", placement.id)
        tasks.open_task(session, "consent_review", subject, now, now, area_code=need.area_code)
    plan_soon(session, now)


def _set(session: Session, person_id: int, until: date | None) -> None:
    volunteer = session.scalar(
        select(Volunteer).where(Volunteer.person_id == person_id).with_for_update(key_share=True)
    )
    if volunteer is not None:
        volunteer.guardian_consent_until = until
        volunteer.version += 1
